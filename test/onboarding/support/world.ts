import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { watchBySse } from '../../support/clients.ts'
import { controlOf, type Control } from '../../support/control.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'
import { WatchOnboardingDocument } from '../../support/operations.ts'

export const luckyShrub = '21202248997039'
export const socialOverdrive = '637576208107267'

type Json = Record<string, unknown>

export interface World {
  readonly gateway: TestGateway
  readonly simulator: Control
  readonly solutionId: string
  /** A customer goes through Embedded Signup, and the gateway has been told. */
  arrive(): Promise<Customer>
  /** The data of an operation that must not fail as a whole. */
  ask(query: string, variables?: object): Promise<Json>
  /** What a mutation with one input answers. */
  mutate(field: string, input: object, selection: string): Promise<Json>
  /** How often the simulator was asked, by a part of the route. */
  sent(method: string, route: string): Promise<number>
  close(): Promise<void>
}

export interface Customer {
  readonly waba_id: string
  readonly business_id: string
  readonly phone_number_ids: readonly string[]
  /** What the signup page was handed. */
  readonly code: string
  readonly host_app_id: string
}

/** Social Overdrive owns a solution, Lucky Shrub is its partner and sends the messages. */
export async function startWorld(
  overrides: Parameters<typeof startTestGateway>[0] = {},
  messaging: 'OWNER' | 'PARTNER' = 'PARTNER',
  seed: object = {},
): Promise<World> {
  const gateway = await startTestGateway(overrides)
  const simulator = controlOf(gateway.simulator.url)
  await simulator.reset(seed)
  const ask = async (query: string, variables: object = {}): Promise<Json> => {
    const { data, errors } = await graphql(gateway.url, query, variables)
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }
  const mutate = async (field: string, input: object, selection: string): Promise<Json> => {
    const type = inputTypes[field] ?? 'WabaSubscriptionInput'
    const problem =
      '... on Problem { code message retryable retryAfterSeconds } ... on InvalidInputProblem { path }'
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} ${problem} } }`
    return (await ask(query, { input }))[field] as Json
  }
  const { solution } = (await mutate(
    'createSolution',
    { appId: socialOverdrive, name: 'Two partners', partnerAppId: luckyShrub, messaging },
    '... on CreateSolutionPayload { solution { solutionId } }',
  )) as { solution: { solutionId: string } }
  const { solutionId } = solution
  await mutate('acceptSolution', { solutionId, appId: luckyShrub }, '')
  const arrivals = await watchBySse(gateway.url, WatchOnboardingDocument, { appId: luckyShrub })
  const arrive = async (): Promise<Customer> => {
    const customer = (await simulator.onboard(solutionId)) as Customer
    await arrivals.inbox.next(({ data }) => data?.clientWabaOnboarded.clientWaba.wabaId === customer.waba_id)
    return customer
  }
  const sent = async (method: string, route: string): Promise<number> => {
    const { byRoute } = await simulator.requests()
    return Object.entries(byRoute)
      .filter(([name]) => name.startsWith(`${method} `) && name.includes(route))
      .reduce((sum, [, count]) => sum + count, 0)
  }
  const close = async (): Promise<void> => {
    arrivals.stop()
    await gateway.close()
  }
  return { gateway, simulator, solutionId, arrive, ask, mutate, sent, close }
}

const inputTypes: Readonly<Record<string, string>> = {
  createSolution: 'CreateSolutionInput',
  acceptSolution: 'SolutionActionInput',
  setWabaWebhookOverride: 'WebhookOverrideInput',
  clearWabaWebhookOverride: 'ClearWebhookOverrideInput',
  addPhoneNumber: 'AddPhoneNumberInput',
  requestPhoneNumberCode: 'RequestPhoneNumberCodeInput',
  verifyPhoneNumberCode: 'VerifyPhoneNumberCodeInput',
  registerPhoneNumber: 'RegisterPhoneNumberInput',
  deregisterPhoneNumber: 'DeregisterPhoneNumberInput',
  startCoexistenceSync: 'StartCoexistenceSyncInput',
  completeEmbeddedSignup: 'CompleteEmbeddedSignupInput',
  onboardClientWaba: 'OnboardClientWabaInput',
  assignUserToWaba: 'AssignUserToWabaInput',
  unassignUserFromWaba: 'UnassignUserFromWabaInput',
}

/** Every byte that a gateway on SQLite keeps, also in its write-ahead log. */
export function storedBy({ gateway }: World): string {
  const folder = dirname(gateway.config.databaseUrl.replace('file:', ''))
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
  if (!bytes.some((file) => file.startsWith('SQLite format 3')))
    throw new Error('There is no store to look at')
  return bytes.join('\n')
}
