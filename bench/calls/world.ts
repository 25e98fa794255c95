import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from '../support/app.ts'
import { startChild, type Child } from '../support/child.ts'

/** The simulator that all are measured against: it counts HTTP requests. */
export interface World extends AsyncDisposable {
  readonly url: string
  readonly app: BenchApp
  readonly solutionIds: readonly string[]
  readonly wabaIds: readonly string[]
  /** HTTP requests that the work took. */
  count(work: () => Promise<void>): Promise<number>
  /** From now on Graph knows none of these fields; a list or a node that asks for one is refused. */
  refuse(fields: readonly string[]): Promise<void>
  control(method: string, path: string, body?: object): Promise<unknown>
}

/** Owner of every seeded solution. */
const ownerAppId = '637576208107267'

interface State {
  readonly apps: readonly BenchApp[]
  readonly solutions: readonly { readonly id: string }[]
  readonly accounts: readonly {
    readonly id: string
    readonly ownerBusinessId: string
    readonly solutionIds: readonly string[]
  }[]
  readonly pendingWebhooks: number
}

/** With 50 solutions, and customers whom nobody was told of. */
export async function startWorld(wabas = 100): Promise<World> {
  const simulator = await startChild('src/cli/simulate.ts', { SIMULATOR_PORT: '0' })
  const control = (method: string, path: string, body?: object) => call(simulator, method, path, body)
  await control('POST', '/__sim/reset', { seed: { solutions: 50, wabas, dailyActiveUsers: 1_000_000 } })
  const { apps, solutions, accounts } = (await control('GET', '/__sim/state')) as State
  const app = apps.find(({ appId }) => appId === ownerAppId)
  if (!app) throw new Error('The simulator has no such app')
  return {
    url: simulator.url,
    app,
    solutionIds: solutions.map(({ id }) => id),
    wabaIds: accounts.map(({ id }) => id),
    control,
    async count(work) {
      await control('DELETE', '/__sim/requests')
      await work()
      return ((await control('GET', '/__sim/requests')) as { total: number }).total
    },
    async refuse(fields) {
      const rules = fields.map((field) => ({ path: '/', kind: 'unknownField', field }))
      await control('POST', '/__sim/faults', { rules })
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

async function call({ url }: Child, method: string, path: string, body?: object): Promise<unknown> {
  const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(`${url}${path}`, { method, ...sent })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return await answer.json()
}

/** From now on the gateway is told of what happens in this world. */
export async function listen({ url, app }: World, gateway: Child): Promise<void> {
  const parameters = new URLSearchParams({
    object: 'whatsapp_business_account',
    callback_url: `${gateway.url}/webhooks/${app.appId}`,
    verify_token: 'bench-verify-token',
    fields: 'account_update,partner_solutions',
    access_token: `${app.appId}|${app.appSecret}`,
  })
  const answer = await fetch(`${url}/v27.0/${app.appId}/subscriptions`, { method: 'POST', body: parameters })
  if (!answer.ok) throw new Error(`The callback was not set: ${await answer.text()}`)
}

/** Lets 100 customers in while the gateway listens, so that it is told who owns which account. */
export async function onboardCustomers({ control, solutionIds }: World): Promise<void> {
  for (let customer = 0; customer < 100; customer++)
    await control('POST', '/__sim/onboard', { solution_id: solutionIds[0], registered: true })
  while (((await control('GET', '/__sim/state')) as State).pendingWebhooks > 0) await sleep(50)
}

/** What was told of in one second already would be a repeat. */
let lastSecond = Math.floor(Date.now() / 1000) + 60

/** Tells of every object: the gateway forgets them all, and remembers what Graph refuses and whose tokens it has. */
export async function forget({ app, control }: World): Promise<void> {
  const { accounts, solutions } = (await control('GET', '/__sim/state')) as State
  const ofAccounts = accounts.map(({ id, ownerBusinessId, solutionIds: [solution] }) => ({
    event: 'PARTNER_ADDED',
    waba_info: { waba_id: id, owner_business_id: ownerBusinessId, solution_id: solution },
  }))
  const ofSolutions = solutions.map(({ id }) => ({
    event: 'SOLUTION_UPDATED',
    solution_id: id,
    solution_status: 'ACTIVE',
  }))
  const changes = [
    ...ofAccounts.map((value) => ({ field: 'account_update', value })),
    ...ofSolutions.map((value) => ({ field: 'partner_solutions', value })),
  ]
  const entry = [{ id: app.businessId, time: ++lastSecond, changes }]
  const body = { object: 'whatsapp_business_account', entry }
  const { deliveries } = (await control('POST', '/__sim/webhooks', { appId: app.appId, body })) as {
    deliveries: readonly { status: number }[]
  }
  if (deliveries.some(({ status }) => status !== 200))
    throw new Error('The gateway did not take the webhooks')
}
