import { describe, expect, onTestFinished, test } from 'vitest'
import type { AppConfig } from '../../src/config/config.ts'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import type { GraphOutcome } from '../../src/graph/error.ts'
import { startSimulator, type Seed, type SimulatorState } from '../../src/simulator/simulator.ts'
import { controlOf } from '../support/control.ts'
import { atOnce, clock, graph } from './support/apps.ts'
import { anyObject } from './support/client.ts'

// The app that takes part in every solution has an account's business token; the owner of the solution has its own.
async function world(accounts: number, seed: Seed = {}) {
  const simulator = await startSimulator({
    port: 0,
    seed: { solutions: 1, wabas: accounts, requireAppSecret: true, ...seed },
  })
  onTestFinished(() => simulator.close())
  const state = simulator.state()
  const apps = state.apps.map(toConfig)
  const shared = apps.find(({ businessId }) => state.accounts[0]?.sharedWith.includes(businessId))
  const app = (shared ?? apps[0]) as AppConfig
  const control = controlOf(simulator.url)
  const reads = (solution: string | null = state.solutions[0]?.id ?? null) =>
    state.accounts.map(({ id, ownerBusinessId: businessId }) => ({
      endpoint: owner(id),
      as: { app, customer: { businessId, solutionId: solution } },
    }))
  await control.forgetRequests()
  return { caller: graph(simulator.url), app, simulator, control, reads, accounts: state.accounts }
}

function toConfig(simulated: SimulatorState['apps'][number]): AppConfig {
  const { appId, appSecret, systemToken, businessId, verifyToken } = simulated
  return { appId, appSecrets: [appSecret], systemToken, businessId, creditLineId: null, verifyToken }
}

const owner = (id: string): Endpoint<unknown> => ({
  method: 'GET',
  path: [id],
  query: { fields: 'id,owner_business_info' },
  token: 'business',
  expect: anyObject,
})

const idOf = (outcome: GraphOutcome) =>
  'value' in outcome ? (outcome.value as { id: string }).id : outcome.error.kind

describe("against the simulator, which wants each item's own proof", () => {
  test('a hundred accounts with their business tokens are four requests, and then two', async () => {
    const { caller, control, reads, accounts } = await world(100)
    const outcomes = await caller.readAll(reads())
    expect(outcomes.map(idOf)).toEqual(accounts.map(({ id }) => id))
    expect(await control.requests()).toMatchObject({ total: 4, units: 200 })
    await caller.readAll(reads())
    expect(await control.requests()).toMatchObject({ total: 6, units: 300 })
  })

  test('tokens of customers without a solution come from the second source', async () => {
    const { caller, control, reads, accounts } = await world(3)
    expect((await caller.readAll(reads(null))).map(idOf)).toEqual(accounts.map(({ id }) => id))
    expect(await control.requests()).toMatchObject({ total: 2, units: 6 })
  })

  test('items that Graph leaves undone are read all the same', async () => {
    const { caller, control, reads, accounts } = await world(5)
    await caller.readAll(reads())
    await control.forgetRequests()
    await control.faults({ kind: 'nullItem', path: `/${accounts[1]?.id}`, times: 1 })
    expect((await caller.readAll(reads())).map(idOf)).toEqual(accounts.map(({ id }) => id))
    expect(await control.requests()).toMatchObject({ total: 2 })
  })

  test('a throttled account among many is one error, and is not asked again', async () => {
    const { caller, control, reads, accounts } = await world(5)
    await caller.readAll(reads())
    await control.faults({ kind: 'throttle', path: `/${accounts[2]?.id}`, minutes: 7 })
    const expected = accounts.map(({ id }, index) => (index === 2 ? 'throttled' : id))
    expect((await caller.readAll(reads())).map(idOf)).toEqual(expected)
    await control.faults()
    await control.forgetRequests()
    expect((await caller.readAll(reads())).map(idOf)).toEqual(expected)
    expect(await control.requests()).toMatchObject({ total: 1, units: 4 })
  })

  test('an account that may be asked 200 times an hour is never asked too often, and keeps the rest for writes', async () => {
    const { app, control, simulator } = await world(0)
    const { waba_id: id } = await control.onboard(simulator.state().solutions[0]?.id ?? '')
    await control.forgetRequests()
    const caller = graph(simulator.url, { time: clock(), limits: { slowest: 1 } })
    const numbers: Endpoint<unknown> = {
      ...owner(id),
      path: [id, 'phone_numbers'],
      query: {},
      token: 'system',
    }
    const read = () =>
      caller.call(numbers, { app }).then(
        () => 'read',
        (error: unknown) => (error as { code?: number; kind: string }).kind,
      )
    const outcomes: string[] = []
    for (let call = 0; call < 230; call++) outcomes.push(await read())
    expect(outcomes.filter((outcome) => outcome === 'read')).toHaveLength(190)
    expect(outcomes.at(-1)).toBe('throttled')
    expect(await control.requests()).toMatchObject({ total: 190 })
    const subscribe: Endpoint<unknown> = { ...numbers, method: 'POST', path: [id, 'subscribed_apps'] }
    await caller.write(subscribe, { app }, atOnce).catch(() => undefined)
    expect(await control.requests()).toMatchObject({ total: 191 })
  })
})
