import { describe, expect, it } from 'vitest'

import { type Play, codeOf, createSolution, lucky, play, social } from './support/world.ts'

const arm = async ({ control }: Play, ...rules: object[]): Promise<void> => {
  const reply = await control('POST', 'faults', { rules })
  expect(reply.status).toBe(200)
}
const readApp = ({ ask, system }: Play) => ask('GET', `/v26.0/${lucky}?fields=name`, system(lucky))

describe('injected faults', () => {
  it('answer an error, as often as told and not before told', async () => {
    const game = await play()
    await arm(game, { path: lucky, kind: 'error', code: 2, times: 2, after: 1 })
    const codes = []
    for (let call = 0; call < 4; call += 1) codes.push(codeOf(await readApp(game)))
    expect(codes).toEqual([undefined, 2, 2, undefined])
  })

  it('answer any status, code, subcode or body', async () => {
    const game = await play()
    await arm(game, { path: lucky, kind: 'error', status: 401, code: 190, subcode: 463, times: 1 })
    const expired = await readApp(game)
    expect([expired.status, expired.body.error]).toMatchObject([401, { code: 190, error_subcode: 463 }])
    await arm(game, { path: lucky, kind: 'error', status: 503, body: ['odd'] })
    const odd = await readApp(game)
    expect([odd.status, odd.body]).toEqual([503, ['odd']])
  })

  it('throttle with the code and the usage header', async () => {
    const game = await play()
    await arm(game, { path: lucky, kind: 'throttle', code: 80_008, minutes: 7 })
    const reply = await readApp(game)
    expect(reply.body.error).toMatchObject({ code: 80_008, is_transient: true })
    expect(reply.headers.get('x-business-use-case-usage')).toContain('"estimated_time_to_regain_access":7')
    await arm(game, { path: lucky, kind: 'throttle', code: 4 })
    expect((await readApp(game)).headers.get('x-app-usage')).toContain('"call_count":100')
  })

  it('refuse one field as unknown, wherever it is asked for, and only then', async () => {
    const game = await play()
    const id = await createSolution(game)
    await arm(game, { path: '/', kind: 'unknownField', field: 'link' })
    const get = (fields: string) => game.ask('GET', `/${id}?fields=${fields}`, game.system(lucky))
    expect((await get('owner_app{link}')).body.error?.message).toBe(
      '(#100) Tried accessing nonexisting field (link) on node type (Application)',
    )
    expect((await get('owner_app{name}')).status).toBe(200)
  })

  it('refuse an expansion at any depth, in lists, nodes and batch items, and leave its own path open', async () => {
    const game = await play({ solutions: 2, wabas: 1 })
    const [solution] = game.sim.state().solutions
    const [waba] = game.sim.state().accounts
    await arm(game, { path: '/', kind: 'unknownField', field: 'partners' })
    const message =
      '(#100) Tried accessing nonexisting field (partners) on node type (WhatsAppBusinessSolution)'
    const get = async (path: string) => (await game.ask('GET', path, game.system(lucky))).body
    for (const path of [
      `/${lucky}/whatsapp_business_solutions?fields=name,partners{status}`,
      `/${solution?.id}?fields=partners.limit(1){partner_app}`,
      `/${waba?.id}?fields=name,solutions.limit(5){name,partners}`,
      `/506914307656634/client_whatsapp_business_accounts?fields=solutions{partners{status}}`,
    ]) {
      expect((await get(path)).error).toMatchObject({ code: 100, message })
    }
    expect((await get(`/${solution?.id}/partners?fields=status`)).data).toHaveLength(1)
    const batch = ['name', 'partners'].map((fields) => ({
      method: 'GET',
      relative_url: `${solution?.id}?fields=${fields}`,
    }))
    expect((await game.ask('POST', '/', game.system(lucky), { batch })).body).toMatchObject([
      { code: 200 },
      { code: 400, body: expect.stringContaining(message) },
    ])
  })

  it('refuse a field on one node type and leave it on others', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const [solution] = game.sim.state().solutions
    const [waba] = game.sim.state().accounts
    await arm(game, { path: '/', kind: 'unknownField', field: 'name', nodeType: 'Application' })
    const get = (path: string) => game.ask('GET', path, game.system(lucky))
    expect((await get(`/${solution?.id}?fields=name`)).status).toBe(200)
    expect((await get(`/${solution?.id}?fields=name,owner_app{name}`)).body.error?.message).toContain(
      'field (name) on node type (Application)',
    )
    await arm(game, { path: '/', kind: 'unknownField', field: 'phone_numbers' })
    expect(codeOf(await get(`/${waba?.id}?fields=phone_numbers`))).toBe(100)
    expect((await get(`/${waba?.id}/phone_numbers`)).status).toBe(200)
  })

  it('drop the connection, with the work undone or done', async () => {
    const game = await play()
    await arm(game, { path: 'whatsapp_business_solution', kind: 'reset', times: 1 })
    await expect(createSolution(game)).rejects.toThrow('fetch failed')
    expect(game.sim.state().solutions).toHaveLength(0)
    await arm(game, { path: 'whatsapp_business_solution', kind: 'lostReply', times: 1 })
    await expect(createSolution(game)).rejects.toThrow('fetch failed')
    expect(game.sim.state().solutions).toHaveLength(1)
  })

  it('cut an answer short, or answer a page of HTML', async () => {
    const game = await play()
    await arm(game, { path: lucky, kind: 'truncate', times: 1 })
    await expect(readApp(game)).rejects.toThrow('terminated')
    await arm(game, { path: lucky, kind: 'html' })
    const page = await fetch(`${game.sim.url}/${lucky}`)
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
  })

  it('never answer, and the simulator still closes at once', async () => {
    const game = await play()
    await arm(game, { path: lucky, kind: 'hang' }, { path: social, kind: 'latency', ms: 600_000 })
    const hanging = [readApp(game), game.ask('GET', `/${social}`, game.system(social))]
    const ended = Promise.allSettled(hanging)
    while ((await game.control('GET', 'requests')).body.total !== 2) await new Promise(setImmediate)
    await game.sim.close()
    expect((await ended).map((result) => result.status)).toEqual(['rejected', 'rejected'])
  })

  it('come late, on top of another fault', async () => {
    const game = await play()
    await arm(game, { path: lucky, kind: 'latency', ms: 1 }, { path: lucky, kind: 'error', code: 1 })
    expect(codeOf(await readApp(game))).toBe(1)
  })

  it('are played one after another when each has its number of times', async () => {
    const game = await play()
    await arm(
      game,
      { path: lucky, kind: 'error', code: 1, times: 1 },
      { path: lucky, kind: 'html', times: 1 },
      { path: lucky, kind: 'error', code: 4, times: 1 },
    )
    const first = codeOf(await readApp(game))
    const page = await fetch(`${game.sim.url}/${lucky}`)
    expect([first, page.status, codeOf(await readApp(game)), codeOf(await readApp(game))]).toEqual([
      1,
      502,
      4,
      undefined,
    ])
  })

  it('match by method, by part of the path, by expression and by item of a batch', async () => {
    const game = await play()
    const id = await createSolution(game)
    const get = (path: string) => game.ask('GET', path, game.system(lucky))
    await arm(game, { method: 'POST', path: lucky, kind: 'error' })
    expect((await readApp(game)).status).toBe(200)
    await arm(game, { path: String.raw`^/\d+/partners$`, kind: 'error' })
    expect([(await get(`/v25.0/${id}`)).status, (await get(`/v25.0/${id}/partners`)).status]).toEqual([
      200, 500,
    ])
    await arm(game, { path: id, kind: 'error', code: 2 })
    const items = [id, lucky].map((relative_url) => ({ method: 'GET', relative_url }))
    const batch = await game.ask('POST', '/', game.system(lucky), { batch: items })
    expect(batch.body).toMatchObject([{ code: 500 }, { code: 200 }])
  })

  it.each([
    [{}],
    [{ rules: [{ kind: 'error' }] }],
    [{ rules: [{ path: 'x', kind: 'explode' }] }],
    [{ rules: [{ path: '^(', kind: 'error' }] }],
    [{ rules: [{ path: 'x', kind: 'latency' }] }],
    [{ rules: [{ path: 'x', kind: 'hang', times: 0 }] }],
    [{ rules: [{ path: 'x', kind: 'hang', often: 1 }] }],
  ])('are refused with a reason when they make no sense: %j', async (body) => {
    const { control } = await play()
    const reply = await control('POST', 'faults', body)
    expect([reply.status, reply.body.error?.message]).toEqual([400, expect.stringMatching(/\S: \S/)])
  })
})
