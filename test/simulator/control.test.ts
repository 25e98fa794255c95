import { describe, expect, it } from 'vitest'

import type { SimulatorState } from '../../src/simulator/simulator.ts'
import { accountFields } from '../../src/simulator/webhooks/subscriptions.ts'
import { startCallback } from './support/callback.ts'
import { type Play, createSolution, lucky, play, social } from './support/world.ts'

const withoutNow = ({ now: _now, ...state }: SimulatorState): unknown => state
const worldOf = ({ sim }: Play): unknown => withoutNow(sim.state())

describe('the world', () => {
  it('is by default the two apps, and nothing between them', async () => {
    const { sim, control } = await play()
    const state = sim.state()
    expect(
      state.apps.map(({ appId, name, businessId, creditLineId }) => [appId, name, businessId, creditLineId]),
    ).toEqual([
      [lucky, 'Lucky Shrub', '506914307656634', '1972385232742146'],
      [social, 'Social Overdrive', '520744086200222', undefined],
    ])
    for (const app of state.apps) {
      expect(app.appSecret.length).toBeGreaterThanOrEqual(32)
      expect(app.systemToken).toMatch(/^EAAT\w{60,}$/)
      expect(app.verifyToken).not.toBe('')
    }
    expect([state.solutions, state.accounts]).toEqual([[], []])
    expect(withoutNow((await control('GET', 'state')).body as unknown as SimulatorState)).toEqual(
      JSON.parse(JSON.stringify(withoutNow(state))),
    )
  })

  it('is given as a gateway reads its configuration, and each app’s callback is set on it', async () => {
    const { sim, control } = await play()
    const callback = await startCallback()
    const { origin } = new URL(callback.url)
    await control('POST', 'callbacks', { url: origin })
    const { apps } = sim.state()
    expect((await control('GET', 'gateway-config')).body).toEqual({
      apps: apps.map(({ appId, appSecret, systemToken, businessId, creditLineId, verifyToken }) =>
        JSON.parse(JSON.stringify({ appId, appSecret, systemToken, businessId, creditLineId, verifyToken })),
      ),
    })
    expect(apps.map(({ callbackUrl, fields }) => [callbackUrl, fields])).toEqual(
      [lucky, social].map((id) => [`${origin}/webhooks/${id}`, [...accountFields]]),
    )
    expect(callback.verifications).toHaveLength(2)
  })

  it('sets no callback that does not answer', async () => {
    const { sim, control } = await play()
    const callback = await startCallback(() => [403, 'no'])
    const { status } = await control('POST', 'callbacks', { url: new URL(callback.url).origin })
    expect(status).toBe(409)
    expect(sim.state().apps.map(({ callbackUrl }) => callbackUrl)).toEqual([null, null])
  })

  it('has the size the seed says, and ids that never meet', async () => {
    const { sim } = await play({ solutions: 30, wabas: 40, partnersPerSolution: 3 })
    const state = sim.state()
    expect(state.solutions).toHaveLength(30)
    expect(state.solutions.map((solution) => solution.partners.length)).toEqual(state.solutions.map(() => 3))
    expect(state.accounts).toHaveLength(40)
    const ids = [
      ...state.apps.flatMap((app) => [app.appId, app.systemUserId]),
      ...state.businesses.map((business) => business.id),
      ...state.solutions.flatMap((solution) => [
        solution.id,
        ...solution.partners.map((partner) => partner.id),
      ]),
      ...state.accounts.flatMap((waba) => [waba.id, ...waba.phoneNumbers.map((phone) => phone.id)]),
      ...state.creditLines.map((line) => line.id),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^\d{14,17}$/.test(id))).toEqual([])
    expect(state.businesses.map((business) => business.name)).toContain('Grünwald / Söhne')
  })

  it('is the same each time for the same seed', async () => {
    const seed = { solutions: 3, wabas: 5, partnersPerSolution: 2 }
    const [one, two] = [await play(seed), await play()]
    await two.control('POST', 'reset', { seed })
    expect(worldOf(two)).toEqual(worldOf(one))
  })

  it('goes back to what it was: data, faults, counters and clock', async () => {
    const game = await play({ solutions: 1 })
    const before = worldOf(game)
    await createSolution(game)
    await game.control('POST', 'onboard', {})
    await game.control('POST', 'faults', { rules: [{ path: '/', kind: 'error' }] })
    await game.control('POST', 'clock', { advanceMs: 1e9 })
    expect(worldOf(game)).not.toEqual(before)
    await game.control('POST', 'reset', {})
    expect(worldOf(game)).toEqual(before)
    expect(Math.abs(Date.parse(game.sim.state().now) - Date.now())).toBeLessThan(60_000)
    expect((await game.control('GET', 'faults')).body).toEqual({ rules: [] })
    expect((await game.control('GET', 'requests')).body).toEqual({
      total: 0,
      units: 0,
      byRoute: {},
      writes: {},
      last: [],
    })
    game.sim.reset({ wabas: 2 })
    expect(game.sim.state().accounts).toHaveLength(2)
  })
})

describe('GET /__sim/requests', () => {
  it('counts the Graph side alone, by route, and shows no secret', async () => {
    const game = await play()
    const id = await createSolution(game)
    await game.ask(
      'GET',
      `/v25.0/${id}/partners?limit=1&access_token=${game.system(lucky)}&appsecret_proof=nope`,
    )
    await game.ask('GET', '/999', game.system(lucky))
    const { body } = await game.control('GET', 'requests')
    expect(body).toMatchObject({
      total: 3,
      units: 3,
      byRoute: {
        'POST /{app}/whatsapp_business_solution': 1,
        'GET /{solution}/partners': 1,
        'GET /{id}': 1,
      },
      last: [
        { method: 'POST', tokenIn: 'header', appId: social, status: 200, version: 'v26.0' },
        {
          path: `/${id}/partners`,
          params: { limit: '1' },
          tokenIn: 'query',
          proof: true,
          version: 'v25.0',
          status: 400,
        },
        { path: '/999', version: null, status: 400 },
      ],
    })
    const said = JSON.stringify(body)
    const { apps, tokens } = game.sim.state()
    for (const secret of [...tokens.map(({ token }) => token), ...apps.map((app) => app.appSecret)]) {
      expect(said).not.toContain(secret)
    }
    await game.control('DELETE', 'requests')
    expect((await game.control('GET', 'requests')).body.total).toBe(0)
  })
})

describe('the count of writes', () => {
  it('has each write that was done, alone or in a batch, and no refusal and no read', async () => {
    const game = await play()
    const id = await createSolution(game)
    await game.ask('GET', `/${id}`, game.system(lucky))
    await game.ask('POST', `/${id}/accept`, game.system(social))
    const item = { method: 'POST', relative_url: `${id}/accept` }
    await game.ask('POST', '/', game.system(lucky), { batch: [item, item] })
    const writesOf = async () => (await game.control('GET', 'requests')).body.writes
    expect(await writesOf()).toEqual({
      'POST /{app}/whatsapp_business_solution': 1,
      'POST /{solution}/accept': 1,
    })
    await game.control('DELETE', 'requests')
    expect(await writesOf()).toEqual({})
  })
})

describe('the control routes', () => {
  it.each([
    ['POST', 'reset', { seed: { solutions: -1 } }, 400],
    ['POST', 'reset', { seed: { planets: 1 } }, 400],
    ['POST', 'reset', { seeds: {} }, 400],
    ['POST', 'onboard', { solution_id: 5 }, 400],
    ['POST', 'clock', { advanceMs: -1 }, 400],
    ['POST', 'clock', {}, 400],
    ['POST', 'webhooks', {}, 400],
    ['POST', 'clock', [], 400],
    ['GET', 'nowhere', undefined, 404],
    ['DELETE', 'state', undefined, 405],
  ])('refuse %s %s %j with a reason', async (method, path, body, status) => {
    const { control, sim } = await play()
    const before = withoutNow(sim.state())
    const reply = await control(method, path, body)
    expect([reply.status, typeof reply.body.error?.message]).toEqual([status, 'string'])
    expect(withoutNow(sim.state())).toEqual(before)
  })

  it('refuse text that is no JSON', async () => {
    const { sim } = await play()
    const reply = await fetch(`${sim.url}/__sim/reset`, { method: 'POST', body: '{oops' })
    expect(reply.status).toBe(400)
  })
})
