import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppConfig, Config } from '../../../src/config/config.ts'
import { startGateway } from '../../../src/gateway.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import { controlOf, type Control } from '../../support/control.ts'
import { startTestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'
import { until } from '../../support/until.ts'
import { luckyShrub, type Customer } from './world.ts'

type State = ReturnType<Simulator['state']>
type Json = Record<string, unknown>

/** A gateway that can be started again, on its store or on an empty one, beside a simulator that goes on. */
export interface Restartable {
  readonly app: AppConfig
  readonly simulator: Control
  state(): State
  /** A customer of Lucky Shrub's; of a business that is there already, when it is named. */
  arrive(businessId?: string): Promise<Customer>
  /** The gateway has been told of the account. */
  told(wabaId: string): Promise<void>
  ask(query: string, variables?: object): Promise<Json>
  mutate(inputType: string, field: string, input: object, selection?: string): Promise<Json>
  step(wabaId: string, kind: string): Promise<unknown>
  until(fits: (state: State) => boolean): Promise<void>
  restart(options?: { readonly empty?: boolean; readonly creditLineId?: string }): Promise<void>
  /** With the system token of Lucky Shrub, past the gateway. */
  atGraph(method: string, path: string): Promise<Json>
  close(): Promise<void>
}

const problem =
  '... on Problem { code message waitsFor help retryAfterSeconds } ... on InvalidInputProblem { path }'

export async function startRestartable(
  overrides: Partial<Config> = {},
  seed: object = {},
): Promise<Restartable> {
  const folder = mkdtempSync(join(tmpdir(), 'mps-restart-'))
  const first = await startTestGateway()
  const app = first.config.apps.find(({ appId }) => appId === luckyShrub) as AppConfig
  const simulator = controlOf(first.simulator.url)
  await simulator.reset({ solutions: 1, wabas: 0, ...seed })
  const state = () => first.simulator.state()
  let stores = 0
  const start = async (lineId = app.creditLineId) => {
    const apps = first.config.apps.map((one) =>
      one.appId === luckyShrub ? { ...one, creditLineId: lineId } : one,
    )
    const databaseUrl = `file:${join(folder, `${stores}.db`)}`
    const started = await startGateway({ ...first.config, ...overrides, apps, databaseUrl })
    for (const one of apps) await setCallback(first.simulator.url, started.url, one)
    return started
  }
  let gateway = await start()
  const ask = async (query: string, variables: object = {}): Promise<Json> => {
    const { data, errors } = await graphql(gateway.url, query, variables)
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }
  return {
    app,
    simulator,
    state,
    ask,
    arrive: (businessId) =>
      simulator.play<Customer>('onboard', {
        solution_id: state().solutions[0]?.id,
        ...(businessId !== undefined && { business_id: businessId }),
      }),
    told: async (wabaId) => {
      const query = `{ events(last: 50, filter: { kinds: [CLIENT_WABA_ONBOARDED] }) { edges { node { ... on ClientWabaEvent { wabaId } } } } }`
      while (!JSON.stringify(await ask(query)).includes(wabaId));
    },
    mutate: async (inputType, field, input, selection = '') => {
      const query = `mutation ($input: ${inputType}!) { ${field}(input: $input) { __typename ${selection} ${problem} } }`
      const { [field]: answer } = await ask(query, { input: { appId: luckyShrub, ...input } })
      return answer as Json
    },
    step: async (wabaId, kind) => {
      const { clientWaba } = (await ask(
        `query ($id: ID!, $kinds: [OnboardingStepKind!]) { clientWaba(id: $id) { onboarding {
          steps(kinds: $kinds) { state reason waitsFor } } } }`,
        { id: wabaId, kinds: [kind] },
      )) as { clientWaba: { onboarding: { steps: unknown[] } } }
      return clientWaba.onboarding.steps[0]
    },
    until: async (fits) => {
      await until(() => fits(state()))
    },
    restart: async ({ empty = false, creditLineId } = {}) => {
      await gateway.close()
      if (empty) stores += 1
      gateway = await start(creditLineId)
    },
    atGraph: async (method, path) => {
      const headers = { authorization: `Bearer ${app.systemToken}` }
      return (await (await fetch(`${first.simulator.url}/${path}`, { method, headers })).json()) as Json
    },
    close: async () => {
      await gateway.close()
      await first.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function setCallback(simulatorUrl: string, gatewayUrl: string, app: AppConfig): Promise<void> {
  const answer = await fetch(`${simulatorUrl}/${app.appId}/subscriptions`, {
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
