import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { type Play, type Reply, codeOf, lucky, play, social } from './support/world.ts'

const proofOf = ({ sim }: Play, appId: string, token: string): string => {
  const secret = sim.state().apps.find((app) => app.appId === appId)?.appSecret ?? ''
  return createHmac('sha256', secret).update(token).digest('hex')
}

describe('appsecret_proof', () => {
  const get = (game: Play, proof: string) =>
    game.ask('GET', `/${lucky}?appsecret_proof=${proof}`, game.system(lucky))

  it('is checked when it is sent', async () => {
    const game = await play()
    expect((await get(game, proofOf(game, lucky, game.system(lucky)))).status).toBe(200)
    expect(codeOf(await get(game, proofOf(game, social, game.system(lucky))))).toBe(100)
    expect(codeOf(await get(game, 'ab'))).toBe(100)
  })

  it('is asked for when the app requires it, in a batch once beside the outer token', async () => {
    const game = await play({ requireAppSecret: [lucky] })
    const proof = proofOf(game, lucky, game.system(lucky))
    expect(codeOf(await game.ask('GET', `/${lucky}`, game.system(lucky)))).toBe(100)
    expect((await get(game, proof)).status).toBe(200)
    expect((await game.ask('GET', `/${social}`, game.system(social))).status).toBe(200)
    const batch = [{ method: 'GET', relative_url: lucky }]
    const inBatch = await game.ask('POST', '/', game.system(lucky), { batch, appsecret_proof: proof })
    expect(inBatch.body).toMatchObject([{ code: 200 }])
  })
})

describe('quotas', () => {
  const usageOf = (reply: Reply): Record<string, Record<string, unknown>[]> =>
    JSON.parse(reply.headers.get('x-business-use-case-usage') ?? '{}') as Record<
      string,
      Record<string, unknown>[]
    >

  it('lets 200 calls an hour through to an account without a registered number', async () => {
    const game = await play()
    const { waba_id } = (await game.control('POST', 'onboard', {})).body
    const get = (edge = '') => game.ask('GET', `/${waba_id}${edge}`, game.system(lucky))
    const replies: Reply[] = []
    for (let call = 0; call < 100; call += 1) replies.push(await get(), await get('/phone_numbers'))
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 200))
    const last = replies.at(-1) as Reply
    expect(usageOf(last)).toMatchObject({
      '506914307656634': [{ call_count: 100, estimated_time_to_regain_access: 0 }],
    })
    expect((await get('/solutions')).status).toBe(200)

    const over = await get()
    expect([over.status, over.body.error]).toMatchObject([400, { code: 80008, is_transient: true }])
    const [usage] = usageOf(over)['506914307656634'] ?? []
    expect(usage?.estimated_time_to_regain_access).toBeGreaterThan(58)

    await game.control('POST', 'clock', { advanceMs: 3_600_000 })
    expect((await get()).status).toBe(200)
  })

  it('counts each account and each app for itself', async () => {
    const game = await play({ solutions: 1 })
    const solution_id = game.sim.state().solutions[0]?.id
    const [one, two] = [
      (await game.control('POST', 'onboard', { solution_id })).body.waba_id,
      (await game.control('POST', 'onboard', { solution_id })).body.waba_id,
    ]
    const get = (id: unknown, app: string) => game.ask('GET', `/${String(id)}`, game.system(app))
    for (let call = 0; call < 200; call += 1) await get(one, lucky)
    expect([
      codeOf(await get(one, lucky)),
      (await get(two, lucky)).status,
      (await get(one, social)).status,
    ]).toEqual([80_008, 200, 200])
  })

  it('gives an account with a registered number 5000, as the header shows', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const id = game.sim.state().accounts[0]?.id
    let reply = await game.ask('GET', `/${id}`, game.system(lucky))
    for (let call = 1; call < 50; call += 1) reply = await game.ask('GET', `/${id}`, game.system(lucky))
    expect(usageOf(reply)['506914307656634']?.[0]?.call_count).toBe(1)
  })

  it('throttles a whole app with code 4 by its daily users', async () => {
    const game = await play({ dailyActiveUsers: 1 })
    let reply = await game.ask('GET', `/${lucky}`, game.system(lucky))
    for (let call = 1; call < 201; call += 1) reply = await game.ask('GET', `/${lucky}`, game.system(lucky))
    expect([codeOf(reply), reply.headers.get('x-app-usage')]).toEqual([
      4,
      expect.stringContaining('"call_count":100'),
    ])
    expect((await game.ask('GET', `/${lucky}`, game.system(social))).status).toBe(200)
  })
})
