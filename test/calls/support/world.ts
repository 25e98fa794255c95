import { controlOf, type Control } from '../../support/control.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'
import { startMetaOfToday } from '../../support/meta-of-today.ts'
import { startBeside } from '../../support/beside.ts'

export const luckyShrub = '21202248997039'
export const socialOverdrive = '637576208107267'
const portfolio = '506914307656634'

export interface World {
  readonly gateway: TestGateway
  readonly simulator: Control
  readonly solutionIds: readonly string[]
  readonly wabaIds: readonly string[]
  /** One webhook to the first app. */
  tell(field: string, value: object): Promise<void>
  /** From now on webhooks are late: nobody tells the gateway. */
  holdWebhooks(): Promise<void>
  /** The owner asks to end the solution, past the gateway: only a webhook tells. */
  requestDeactivation(solutionId: string): Promise<void>
  /** The `fields=` of the last request. */
  fields(): Promise<string | undefined>
  /** Webhooks that make the gateway forget every object of the world. Tokens and refusals it remembers. */
  forget(): Promise<void>
  /** The answer of a query and what it cost: as the simulator counts it. */
  run(query: string, variables?: object): Promise<Counted>
  [Symbol.asyncDispose](): Promise<void>
}

export interface Counted {
  readonly data: Record<string, unknown> | null | undefined
  readonly errors?: readonly {
    message: string
    path?: readonly unknown[]
    extensions?: Record<string, unknown>
  }[]
  readonly extensions: { readonly graph: { requests: number; units: number; cached: number } }
  readonly total: number
  readonly units: number
  readonly byRoute: Record<string, number>
}

/** A gateway that has asked nothing yet, over a world of this size. */
export async function startWorld(seed: object = {}): Promise<World> {
  const gateway = await startTestGateway()
  const simulator = controlOf(gateway.simulator.url)
  await simulator.reset({ solutions: 50, wabas: 100, ...seed })
  const state = gateway.simulator.state()
  return {
    gateway,
    simulator,
    forget: () => forget(gateway, simulator),
    tell: (field, value) => post(simulator, field, [value]),
    holdWebhooks: async () => {
      for (const appId of [luckyShrub, socialOverdrive])
        await control(gateway, 'webhooks', { appId, delayMs: 60_000 })
    },
    requestDeactivation: (solutionId) => requestDeactivation(gateway, solutionId),
    fields: async () => {
      const { last } = (await simulator.requests()) as unknown as { last: { params: { fields?: string } }[] }
      return last.at(-1)?.params.fields
    },
    solutionIds: state.solutions.map(({ id }) => id),
    wabaIds: state.accounts.map(({ id }) => id),
    run: (query, variables) => runCounted(gateway.url, simulator, query, variables),
    [Symbol.asyncDispose]: () => gateway.close(),
  }
}

async function runCounted(
  url: string,
  simulator: Control,
  query: string,
  variables: object = {},
): Promise<Counted> {
  await simulator.forgetRequests()
  const answer = (await graphql(url, query, variables)) as unknown as Counted
  const { total, units, byRoute } = await simulator.requests()
  return { ...answer, total, units, byRoute }
}

/** The same with all that Meta has ended between gateway and Graph; `ended` is what of it the gateway has used. */
export async function startWorldOfToday(
  seed: object = {},
): Promise<World & { readonly ended: readonly string[] }> {
  const world = await startWorld(seed)
  const { gateway, simulator } = world
  const meta = await startMetaOfToday(gateway.simulator.url)
  const beside = await startBeside(gateway, { graphUrl: meta.url })
  await simulator.play('callbacks', { url: beside.url })
  return {
    ...world,
    ended: meta.ended,
    run: (query, variables) => runCounted(beside.url, simulator, query, variables),
    [Symbol.asyncDispose]: async () => {
      await beside[Symbol.asyncDispose]()
      await meta[Symbol.asyncDispose]()
      await gateway.close()
    },
  }
}

async function control({ simulator }: TestGateway, route: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${simulator.url}/__sim/${route}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function requestDeactivation({ simulator }: TestGateway, solutionId: string): Promise<void> {
  const owner = simulator.state().apps.find(({ appId }) => appId === socialOverdrive)
  const answer = await fetch(`${simulator.url}/v26.0/${solutionId}/send_deactivation_request`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner?.systemToken}` },
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function forget(gateway: TestGateway, simulator: Control): Promise<void> {
  const { accounts, solutions } = gateway.simulator.state()
  await post(
    simulator,
    'account_update',
    accounts.map(({ id, ownerBusinessId }) => ({
      event: 'PARTNER_ADDED',
      waba_info: { waba_id: id, owner_business_id: ownerBusinessId },
    })),
  )
  await post(
    simulator,
    'partner_solutions',
    solutions.map(({ id }) => ({ event: 'SOLUTION_UPDATED', solution_id: id, solution_status: 'ACTIVE' })),
  )
}

let seconds = Math.floor(Date.now() / 1000)

/** One post of many changes. No two are of one second, so none is a repeat. */
async function post(simulator: Control, field: string, values: readonly object[]): Promise<void> {
  const changes = values.map((value) => ({ field, value }))
  const body = { object: 'whatsapp_business_account', entry: [{ id: portfolio, time: seconds++, changes }] }
  const statuses = await simulator.webhook(luckyShrub, body)
  if (statuses.some((status) => status !== 200)) throw new Error(`The webhooks were answered ${statuses}`)
}

/** Graph takes none of these inside `fields=`, as long as it is not the row's own edge. */
export async function refuse(simulator: Control, ...fields: string[]): Promise<void> {
  await simulator.faults(...fields.map((field) => ({ kind: 'unknownField', path: '/', field })))
}

/** The webhooks that tell of all accounts of the world, as Meta sends them when a customer comes. */
export async function tellOnboardings({
  gateway,
  simulator,
}: Pick<World, 'gateway' | 'simulator'>): Promise<void> {
  const { accounts } = gateway.simulator.state()
  const values = accounts.map(({ id, ownerBusinessId, solutionIds: [solution] }) => ({
    event: 'PARTNER_ADDED',
    waba_info: { waba_id: id, owner_business_id: ownerBusinessId, solution_id: solution },
  }))
  await post(simulator, 'account_update', values)
}

export const globalId = (type: string, key: string): string =>
  Buffer.from(`${type}:${key}`).toString('base64url')
