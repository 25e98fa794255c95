import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationStream } from 'pino'
import { readConfig, type AppConfig, type Config } from '../../../src/config/config.ts'
import { startGateway, type Gateway } from '../../../src/gateway.ts'
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { controlOf, type Control } from '../../support/control.ts'
import type { Result } from '../../support/clients.ts'
import { mutationText } from './mutation-text.ts'
import { openWire, type Wire } from './wire.ts'

export const luckyShrub = '21202248997039'
export const socialOverdrive = '637576208107267'
export const creditLine = '1972385232742146'

/** A document of a customer's, as it is uploaded. */
export const papers = '%PDF-1.7 the papers of Wind & Wool, a business'

export type Json = Record<string, unknown>

export interface Customer {
  readonly waba_id: string
  readonly business_id: string
  readonly phone_number_ids: readonly [string, ...string[]]
  readonly code: string
  readonly host_app_id: string
}

export interface PlayOptions {
  /** An address for DATABASE_URL where nothing is yet; a file of its own when left out. */
  readonly databaseUrl?: string
  /** Whether a wire lies between gateways and simulator. */
  readonly wired?: boolean
  readonly overrides?: Partial<Config>
  readonly log?: DestinationStream
  /** How long a call to Graph may take. */
  readonly deadlineMs?: number
}

/** A simulator, the gateways on it, and a clock of the gateways that can be put forward. */
export class Play {
  readonly sim: Simulator
  readonly control: Control
  readonly wire: Wire | null
  readonly config: Config
  readonly urls: string[] = []
  /** All that the gateways have answered, as it came. */
  readonly answers: string[] = []
  /** How far the gateways' clock is ahead. */
  aheadMs = 0
  readonly #folder: string
  readonly #options: PlayOptions
  readonly #gateways: Gateway[] = []

  private constructor(sim: Simulator, wire: Wire | null, folder: string, options: PlayOptions) {
    this.sim = sim
    this.wire = wire
    this.control = controlOf(sim.url)
    this.#folder = folder
    this.#options = options
    this.config = {
      ...readConfig({
        PORT: '0',
        LOG_LEVEL: 'silent',
        WEBHOOK_OVERRIDE_HOSTS: 'hooks.example.com',
        SIGNUP_REDIRECT_URIS: 'https://example.com/signed-up',
      }),
      databaseUrl: options.databaseUrl ?? `file:${join(folder, 'gateway.db')}`,
      graphUrl: wire?.url ?? sim.url,
      apps: sim.state().apps.map(toAppConfig),
      ...options.overrides,
    }
  }

  static async begin(options: PlayOptions = {}): Promise<Play> {
    const sim = await startSimulator({ port: 0 })
    const wire = options.wired ? await openWire(sim.url) : null
    const play = new Play(sim, wire, mkdtempSync(join(tmpdir(), 'mps-play-')), options)
    await play.addGateway()
    await play.setCallbacks()
    return play
  }

  get folder(): string {
    return this.#folder
  }

  async addGateway(): Promise<void> {
    const { log, deadlineMs } = this.#options
    const timing = { clock: () => Date.now() + this.aheadMs, ...(deadlineMs !== undefined && { deadlineMs }) }
    const gateway = await startGateway(this.config, log, timing)
    this.#gateways.push(gateway)
    this.urls.push(gateway.url)
  }

  async closeGateways(): Promise<void> {
    this.urls.length = 0
    await Promise.all(this.#gateways.splice(0).map((gateway) => gateway.close()))
  }

  /** The others go on, and move up. */
  async closeGateway(instance: number): Promise<void> {
    this.urls.splice(instance, 1)
    await this.#gateways.splice(instance, 1)[0]?.close()
  }

  /** What `npm start` needs to be a gateway of this play. */
  environment(): Readonly<Record<string, string>> {
    const { graphUrl, databaseUrl, overrideHosts, logLevel, apiKey, encryptionKeys, apps } = this.config
    const file = join(this.#folder, 'apps.json')
    writeFileSync(file, JSON.stringify({ apps: apps.map(toEntry) }))
    return {
      GATEWAY_CONFIG: file,
      GRAPH_API_URL: graphUrl,
      DATABASE_URL: databaseUrl,
      WEBHOOK_OVERRIDE_HOSTS: overrideHosts.join(','),
      RECONCILE_SECONDS: '0',
      PORT: '0',
      LOG_LEVEL: logLevel,
      ...(apiKey !== null && { GATEWAY_API_KEY: apiKey }),
      ...(encryptionKeys.length > 0 && { TOKEN_ENCRYPTION_KEY: encryptionKeys.join(',') }),
    }
  }

  /** Webhooks go to the first gateway. */
  async setCallbacks(): Promise<void> {
    await Promise.all(this.config.apps.map((app) => this.#setCallback(app)))
  }

  async ask(query: string, variables: object = {}, instance = 0): Promise<Json> {
    const { data, errors } = await this.post(query, variables, instance)
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }

  /** Whatever comes back. */
  async post(query: string, variables: object = {}, instance = 0): Promise<Result<Json>> {
    const answer = await fetch(`${this.urls[instance]}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#key },
      body: JSON.stringify({ query, variables }),
    })
    const text = await answer.text()
    this.answers.push(text)
    return JSON.parse(text) as Result<Json>
  }

  /** What a mutation answers. */
  async mutate(field: string, input: object, instance = 0): Promise<Json> {
    return (await this.ask(mutationText(field), { input }, instance))[field] as Json
  }

  /** A solution of both apps: Social Overdrive owns it. */
  async solution(name: string, accepted = true): Promise<string> {
    const created = await this.mutate('createSolution', {
      appId: socialOverdrive,
      name,
      partnerAppId: luckyShrub,
      messaging: 'PARTNER',
    })
    const { solutionId } = created['solution'] as { solutionId: string }
    if (accepted) await this.mutate('acceptSolution', { solutionId, appId: luckyShrub })
    return solutionId
  }

  /** A customer goes through Embedded Signup, and the gateway has been told. */
  async customer(solutionId: string, signup: Json = {}): Promise<Customer> {
    const customer = await this.control.play<Customer>('onboard', { solution_id: solutionId, ...signup })
    const query = `query ($w: ID!) { events(filter: { wabaId: $w, kinds: [CLIENT_WABA_ONBOARDED] }) { edges { cursor } } }`
    for (;;) {
      const { events } = (await this.ask(query, { w: customer.waba_id })) as { events: { edges: unknown[] } }
      if (events.edges.length > 1) return customer
    }
  }

  async upload(instance = 0): Promise<string> {
    const answer = await fetch(`${this.urls[instance]}/documents?filename=papers.pdf`, {
      method: 'POST',
      body: papers,
      headers: { 'x-mps-csrf': '1', ...this.#key },
    })
    return ((await answer.json()) as { documentId: string }).documentId
  }

  get #key(): Readonly<Record<string, string>> {
    const { apiKey } = this.config
    return apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }
  }

  /** How often the simulator has done the work of each write. */
  async writes(): Promise<Readonly<Record<string, number>>> {
    return ((await this.control.requests()) as unknown as { writes: Record<string, number> }).writes
  }

  async close(): Promise<void> {
    await this.closeGateways()
    await this.wire?.close()
    await this.sim.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #setCallback(app: AppConfig): Promise<void> {
    const answer = await fetch(`${this.sim.url}/${app.appId}/subscriptions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app.appId}|${app.appSecrets[0]}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        object: 'whatsapp_business_account',
        callback_url: `${this.urls[0]}/webhooks/${app.appId}`,
        verify_token: app.verifyToken,
        fields: 'account_update,partner_solutions',
      }),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }
}

type SimulatedApp = ReturnType<Simulator['state']>['apps'][number]

function toAppConfig({ appId, appSecret, systemToken, businessId, ...app }: SimulatedApp): AppConfig {
  const { creditLineId = null, verifyToken } = app
  return { appId, appSecrets: [appSecret], systemToken, businessId, creditLineId, verifyToken }
}

function toEntry({ appSecrets: [appSecret], creditLineId, ...app }: AppConfig): object {
  return { ...app, appSecret, ...(creditLineId !== null && { creditLineId }) }
}
