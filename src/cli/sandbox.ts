import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationStream } from 'pino'
import { alertFields, neededFields } from '../alerts/fields.ts'
import type { AppConfig, Config } from '../config/config.ts'
import { startGateway, type Gateway } from '../gateway.ts'
import { startSimulator, type Simulator } from '../simulator/simulator.ts'

export interface Sandbox extends Gateway {
  readonly simulator: Simulator
  readonly simulatorUrl: string
  /** What the gateway was started with. */
  readonly config: Config
}

/** The gateway with the simulator in place of Meta, both of its apps configured, on a store of its own. */
export async function startSandbox(
  config: Config,
  simulatorPort: number,
  databaseGiven: boolean,
  logDestination?: DestinationStream,
): Promise<Sandbox> {
  const simulator = await startSimulator({ port: simulatorPort })
  const store = mkdtempSync(join(tmpdir(), 'mps-gateway-'))
  const databaseUrl = databaseGiven ? config.databaseUrl : `file:${join(store, 'gateway.db')}`
  const apps = simulator.state().apps.map(toAppConfig)
  const clean = async (): Promise<void> => {
    await simulator.close()
    rmSync(store, { recursive: true, force: true })
  }
  try {
    const full = { ...config, graphUrl: simulator.url, databaseUrl, apps }
    const gateway = await startGateway(full, logDestination)
    const close = (): Promise<void> => gateway.close().finally(clean)
    await Promise.all(apps.map((app) => subscribe(simulator, gateway.url, app))).catch(
      async (error: unknown) => {
        await gateway.close()
        throw error
      },
    )
    return { ...gateway, close, simulator, simulatorUrl: simulator.url, config: full }
  } catch (error) {
    await clean()
    throw error
  }
}

type SimulatedApp = ReturnType<Simulator['state']>['apps'][number]

function toAppConfig({
  appId,
  appSecret,
  systemToken,
  businessId,
  creditLineId,
  verifyToken,
}: SimulatedApp): AppConfig {
  return {
    appId,
    appSecrets: [appSecret],
    systemToken,
    businessId,
    creditLineId: creditLineId ?? null,
    verifyToken,
  }
}

/** Sets the app's callback as it is set with Meta: POST /{app-id}/subscriptions with the app token. */
async function subscribe(simulator: Simulator, gatewayUrl: string, app: AppConfig): Promise<void> {
  const response = await fetch(`${simulator.url}/${app.appId}/subscriptions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.appId}|${app.appSecrets[0]}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      object: 'whatsapp_business_account',
      callback_url: `${gatewayUrl}/webhooks/${app.appId}`,
      verify_token: app.verifyToken,
      fields: [...neededFields, ...alertFields].join(','),
    }),
  })
  if (!response.ok)
    throw new Error(`The simulator did not take the callback of app ${app.appId}: ${await response.text()}`)
}

interface SandboxFacts {
  readonly url: string
  readonly simulatorUrl: string
  /** Whether the store held events before. */
  readonly goesOn: boolean
}

const earlierWorld = `
This store holds the events of an earlier world: the simulator begins with an empty one and gives the same ids again.
Events, idempotency keys and credit of before stay, and may speak of what is not there any more. Without DATABASE_URL
the sandbox takes a new store; for a world that outlives the gateway see "The simulator alone" in README.md.
`

/** What somebody reads who has just started the sandbox. */
export function sandboxBanner({ url, simulatorUrl, goesOn }: SandboxFacts): string {
  return `
mps-gateway sandbox: two partners, a simulated Graph API, no Meta account.

  GraphiQL    ${url}/graphql      (the tabs tell a story; run them in order)
  Webhooks    ${url}/webhooks/{app id}
  Simulator   ${simulatorUrl}/__sim/state

Try first:
  1. Open GraphiQL and run the tab "Apps": you hold both partners' apps.
  2. Run "CreateSolution" and "AcceptSolution": the ids are filled in.
  3. Watch: in a second browser window run "WatchSolutions", or
       curl -N ${url}/graphql -H 'content-type: application/json' -H 'accept: text/event-stream' \\
         -d '{"query":"subscription { solutionStatusChanged { status solution { name } } }"}'
  4. Let a customer sign up:
       curl -X POST ${simulatorUrl}/__sim/onboard -H 'content-type: application/json' \\
         -d '{"solution_id":"795000033057731"}'

The world is in memory and gone when this stops. Ctrl+C stops it.
${goesOn ? earlierWorld : ''}`
}
