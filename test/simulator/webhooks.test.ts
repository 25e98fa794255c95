import { describe, expect, it } from 'vitest'

import { bothListen, signatureOf, startCallback, subscribe, valuesOf } from './support/callback.ts'
import { type Play, createSolution, lucky, play, social } from './support/world.ts'

const secretOf = ({ sim }: Play, appId: string): string =>
  sim.state().apps.find((app) => app.appId === appId)?.appSecret ?? ''
const post = (game: Play, app: string, id: string, call: string) =>
  game.ask('POST', `/${id}/${call}`, game.system(app))
const status = (solution_id: string, solution_status: string, event = 'SOLUTION_UPDATED') => ({
  event,
  solution_id,
  solution_status,
})

describe('webhooks of a solution', () => {
  it('reach both partners, each with its own portfolio as entry id and its own signature', async () => {
    const game = await play()
    const { luckyHook, socialHook } = await bothListen(game)
    const id = await createSolution(game)
    await post(game, lucky, id, 'accept')
    await Promise.all([luckyHook.count(2), socialHook.count(2)])
    for (const [hook, app, portfolio] of [
      [luckyHook, lucky, '506914307656634'],
      [socialHook, social, '520744086200222'],
    ] as const) {
      expect(valuesOf(hook)).toEqual([status(id, 'INITIATED', 'SOLUTION_CREATED'), status(id, 'ACTIVE')])
      for (const { bytes, signature, body } of hook.deliveries) {
        expect(signature).toBe(signatureOf(secretOf(game, app), bytes))
        expect(body.entry).toMatchObject([{ id: portfolio, changes: [{ field: 'partner_solutions' }] }])
      }
    }
  })

  it('tell of every step but a declined deactivation', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    const id = await createSolution(game)
    for (const [app, call] of [
      [lucky, 'accept'],
      [social, 'send_deactivation_request'],
      [lucky, 'reject_deactivation_request'],
      [social, 'send_deactivation_request'],
      [lucky, 'accept_deactivation_request'],
    ] as const) {
      await post(game, app, id, call)
    }
    const other = await createSolution(game)
    await post(game, lucky, other, 'reject')
    await luckyHook.count(7)
    expect(valuesOf(luckyHook)).toEqual([
      status(id, 'INITIATED', 'SOLUTION_CREATED'),
      status(id, 'ACTIVE'),
      status(id, 'PENDING_DEACTIVATION'),
      status(id, 'PENDING_DEACTIVATION'),
      status(id, 'DEACTIVATED'),
      status(other, 'INITIATED', 'SOLUTION_CREATED'),
      status(other, 'REJECTED'),
    ])
  })

  it('tell of a declined deactivation when the world is seeded so', async () => {
    const game = await play({ solutions: 1, declinedDeactivationWebhook: true })
    const { socialHook } = await bothListen(game)
    const id = String(game.sim.state().solutions[0]?.id)
    await post(game, social, id, 'send_deactivation_request')
    await post(game, lucky, id, 'reject_deactivation_request')
    await socialHook.count(2)
    expect(valuesOf(socialHook)).toEqual([status(id, 'PENDING_DEACTIVATION'), status(id, 'ACTIVE')])
  })

  it('carry the time of the simulator’s clock in seconds', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    await game.control('POST', 'clock', { advanceMs: 86_400_000 })
    await createSolution(game)
    await luckyHook.count(1)
    const time = luckyHook.deliveries[0]?.body.entry[0]?.time ?? 0
    expect(Math.abs(time - (Date.now() / 1000 + 86_400))).toBeLessThan(60)
  })

  it('go only to apps that subscribed to the field', async () => {
    const game = await play()
    const [luckyHook, socialHook] = [await startCallback(), await startCallback()]
    await subscribe(game, lucky, luckyHook.url, 'account_update')
    await subscribe(game, social, socialHook.url, 'partner_solutions')
    const id = await createSolution(game)
    await post(game, lucky, id, 'accept')
    await game.control('POST', 'onboard', { solution_id: id })
    await Promise.all([socialHook.count(2), luckyHook.count(1)])
    expect(valuesOf(luckyHook)).toMatchObject([{ event: 'PARTNER_ADDED' }])
  })
})

describe('delivery', () => {
  it('repeats the same bytes until the callback answers 200, and nothing else counts', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    luckyHook.answers.push(500, 202, 301)
    const id = await createSolution(game)
    await post(game, lucky, id, 'accept')
    await luckyHook.count(5)
    const [first, ...repeats] = luckyHook.deliveries.slice(0, 4).map(({ bytes }) => bytes.toString())
    expect(repeats).toEqual([first, first, first])
    expect(valuesOf(luckyHook).at(-1)).toEqual(status(id, 'ACTIVE'))
  })

  it('gives a return to an earlier state another time, so that it is told from a repeat', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    const id = await createSolution(game)
    await post(game, lucky, id, 'accept')
    for (const step of [
      'send_deactivation_request',
      'reject_deactivation_request',
      'send_deactivation_request',
    ])
      await post(game, step.startsWith('send') ? social : lucky, id, step)
    await luckyHook.count(4)
    const times = luckyHook.deliveries.slice(2).map(({ body }) => body.entry[0]?.time ?? 0)
    expect(valuesOf(luckyHook).slice(2)).toEqual([
      status(id, 'PENDING_DEACTIVATION'),
      status(id, 'PENDING_DEACTIVATION'),
    ])
    expect(times[1]).toBeGreaterThan(times[0] ?? 0)
  })

  it('sends duplicates on request', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    await game.control('POST', 'webhooks', { appId: lucky, duplicate: 2 })
    const id = await createSolution(game)
    await post(game, lucky, id, 'accept')
    await luckyHook.count(6)
    expect(
      valuesOf(luckyHook).map((value) => (value as { solution_status: string }).solution_status),
    ).toEqual(['INITIATED', 'INITIATED', 'INITIATED', 'ACTIVE', 'ACTIVE', 'ACTIVE'])
  })

  it('swaps neighbours on request', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    await game.control('POST', 'webhooks', { appId: lucky, reorder: true, delayMs: 60_000 })
    const id = await createSolution(game)
    await post(game, lucky, id, 'accept')
    await post(game, social, id, 'send_deactivation_request')
    await post(game, lucky, id, 'accept_deactivation_request')
    await luckyHook.count(4)
    expect(valuesOf(luckyHook)).toEqual([
      status(id, 'ACTIVE'),
      status(id, 'INITIATED', 'SOLUTION_CREATED'),
      status(id, 'DEACTIVATED'),
      status(id, 'PENDING_DEACTIVATION'),
    ])
  })

  it('keeps none back for ever when there is no neighbour to swap with', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    await game.control('POST', 'webhooks', { appId: lucky, reorder: true, delayMs: 1 })
    const id = await createSolution(game)
    await luckyHook.count(1)
    expect(valuesOf(luckyHook)).toEqual([status(id, 'INITIATED', 'SOLUTION_CREATED')])
  })

  it('comes late on request', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    await game.control('POST', 'webhooks', { appId: lucky, delayMs: 5 })
    await createSolution(game)
    expect(game.sim.state().pendingWebhooks).toBeGreaterThan(0)
    await luckyHook.count(1)
  })

  it('forgets what waits on a reset, but not the callback', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    luckyHook.answers.push(...Array.from({ length: 50 }, () => 500))
    await createSolution(game)
    await luckyHook.count(1)
    await game.control('POST', 'reset', {})
    luckyHook.answers.length = 0
    luckyHook.deliveries.length = 0
    const marker = { marker: true }
    await game.control('POST', 'webhooks', { appId: lucky, body: marker })
    expect(luckyHook.deliveries.map(({ body }) => body)).toEqual([marker])
  })

  it('stops at once when the simulator closes', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    luckyHook.answers.push(...Array.from({ length: 50 }, () => 500))
    await createSolution(game)
    await luckyHook.count(2)
    await game.sim.close()
    expect(game.sim.state().pendingWebhooks).toBe(0)
  })
})

describe('POST /__sim/webhooks', () => {
  const body = {
    object: 'whatsapp_business_account',
    entry: [{ id: '1', time: 1, changes: [] }],
    name: 'Grünwald / Söhne 東',
  }

  it('delivers any body signed, non-ASCII and slashes escaped, and tells what was answered', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    luckyHook.answers.push(200, 503)
    const reply = await game.control('POST', 'webhooks', { appId: lucky, body, duplicate: 1, delayMs: 1 })
    expect(reply.body.deliveries).toMatchObject([{ status: 200 }, { status: 503 }])
    const [delivery] = luckyHook.deliveries
    expect(delivery?.bytes.toString()).toContain(String.raw`"Gr\u00fcnwald \/ S\u00f6hne \u6771"`)
    expect(delivery?.body).toEqual(body)
    expect(delivery?.signature).toBe(signatureOf(secretOf(game, lucky), delivery?.bytes ?? Buffer.of()))
  })

  it('signs the documented vector with the documented signature', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    const change = {
      value: { requested_verified_name: 'Grünwald / Söhne' },
      field: 'phone_number_name_update',
    }
    const vector = {
      object: 'whatsapp_business_account',
      entry: [{ id: '1', time: 1_739_321_024, changes: [change] }],
    }
    await game.control('POST', 'webhooks', { appId: lucky, body: vector, secret: 'test_app_secret' })
    expect(luckyHook.deliveries[0]?.signature).toBe(
      'sha256=99a56a02676e55ea443a5b4925946f1c72ed0827208e3badee295682210965eb',
    )
  })

  it('sends a text as it is, also when it is no JSON', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    await game.control('POST', 'webhooks', { appId: lucky, body: '{ "oops' })
    expect(luckyHook.deliveries[0]?.bytes.toString()).toBe('{ "oops')
  })

  it('overtakes what is stuck in the queue when asked to', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    luckyHook.answers.push(500)
    await createSolution(game)
    await luckyHook.count(1)
    const reply = await game.control('POST', 'webhooks', { appId: lucky, body, reorder: true })
    expect(reply.body.deliveries).toMatchObject([{ status: 200 }])
  })

  it('says so when there is no callback, no such app, or nobody there', async () => {
    const game = await play()
    const send = (appId: string) => game.control('POST', 'webhooks', { appId, body })
    expect([(await send('1')).status, (await send(lucky)).status]).toEqual([404, 409])
    const hook = await startCallback()
    await subscribe(game, lucky, hook.url)
    hook.close()
    expect((await send(lucky)).body.deliveries).toMatchObject([{ status: 0, error: 'ECONNREFUSED' }])
  })
})
