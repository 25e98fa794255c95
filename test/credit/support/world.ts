import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppConfig } from '../../../src/config/config.ts'
import { startGateway } from '../../../src/gateway.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import { controlOf, type Control } from '../../support/control.ts'
import { startTestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'

export const luckyShrub = '21202248997039'
export const socialOverdrive = '637576208107267'
export const line = '1972385232742146'

export type Json = Record<string, unknown>

export interface World {
  readonly url: string
  readonly databaseUrl: string
  readonly sim: Simulator
  readonly simulator: Control
  readonly app: AppConfig
  readonly wabas: readonly { readonly wabaId: string; readonly businessId: string }[]
  /** The data of an operation that must not fail. */
  ask(query: string, variables?: object): Promise<Json>
  /** Currency USD and our system user added, when nothing else is said. */
  share(input: object): Promise<Json>
  revoke(input: object): Promise<Json>
  /** Past the gateway, with the system token of Lucky Shrub. */
  atGraph(method: string, path: string): Promise<Json>
  /** How often the simulator did the work of a write, by a part of the route. */
  done(route: string): Promise<number>
  /** The gateway's credit events, oldest first. */
  events(): Promise<readonly Json[]>
  close(): Promise<void>
}

export interface WorldOptions {
  readonly seed?: object
  /** The gateway is not told its credit line: it looks it up. */
  readonly lookUp?: boolean
  /** A store of its own when left out. */
  readonly database?: string | null
}

/** Lucky Shrub's customers through a solution that Social Overdrive owns. Nobody has told the gateway of them. */
export async function startWorld({
  seed = {},
  lookUp = false,
  database = null,
}: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mps-credit-'))
  const databaseUrl = database ?? `file:${join(folder, 'gateway.db')}`
  const first = await startTestGateway()
  const apps = first.config.apps.map((app) => ({ ...app, creditLineId: lookUp ? null : app.creditLineId }))
  const gateway = await startGateway({ ...first.config, apps, databaseUrl })
  const simulator = controlOf(first.simulator.url)
  await simulator.reset({ solutions: 1, wabas: 2, ...seed })
  await Promise.all(apps.map((one) => setCallback(first.simulator, gateway.url, one)))
  const app = apps.find(({ appId }) => appId === luckyShrub) as AppConfig
  const { url } = gateway
  const ask = async (query: string, variables: object = {}): Promise<Json> => {
    const { data, errors } = await graphql(url, query, variables)
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }
  const mutate = async (field: string, type: string, input: object, selection: string): Promise<Json> => {
    const problem =
      '... on Problem { code message retryable retryAfterSeconds } ... on InvalidInputProblem { path }'
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} ${problem} } }`
    return (await ask(query, { input }))[field] as Json
  }
  return {
    url,
    databaseUrl,
    sim: first.simulator,
    simulator,
    app,
    wabas: first.simulator
      .state()
      .accounts.map(({ id, ownerBusinessId }) => ({ wabaId: id, businessId: ownerBusinessId })),
    ask,
    share: (input) =>
      mutate(
        'shareCreditLine',
        'ShareCreditLineInput',
        { currency: 'USD', addSystemUser: true, ...input },
        '... on ShareCreditLinePayload { verified clientWaba { wabaId } creditAllocation { allocationId status } }',
      ),
    revoke: (input) =>
      mutate(
        'revokeCreditAllocation',
        'RevokeCreditAllocationInput',
        input,
        '... on RevokeCreditAllocationPayload { creditAllocation { allocationId status graphRequestStatus } }',
      ),
    atGraph: async (method, path) => {
      const headers = { authorization: `Bearer ${app.systemToken}` }
      const answer = await fetch(`${first.simulator.url}${path}`, { method, headers })
      return (await answer.json()) as Json
    },
    done: async (route) => {
      const { writes } = (await simulator.requests()) as unknown as { writes: Record<string, number> }
      return Object.entries(writes)
        .filter(([name]) => name.endsWith(route))
        .reduce((sum, [, count]) => sum + count, 0)
    },
    events: async () => {
      const { events } = (await ask(
        `{ events(first: 100, filter: { kinds: [CREDIT_SHARED, CREDIT_REVOKED] }) { edges { node {
          kind source appId ... on CreditEvent { allocationId wabaId receivingBusinessId creditAllocation { status } }
        } } } }`,
      )) as { events: { edges: { node: Json }[] } }
      return events.edges.map(({ node }) => node)
    },
    close: async () => {
      await gateway.close()
      await first.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As it is set with Meta: what customers do is told to this gateway. */
async function setCallback({ url }: Simulator, gatewayUrl: string, app: AppConfig): Promise<void> {
  const answer = await fetch(`${url}/${app.appId}/subscriptions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.appId}|${app.appSecrets[0]}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      object: 'whatsapp_business_account',
      callback_url: `${gatewayUrl}/webhooks/${app.appId}`,
      verify_token: app.verifyToken,
      fields: 'account_update,partner_solutions',
    }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
