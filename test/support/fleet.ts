import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { mutationText } from '../writes/support/mutation-text.ts'
import { startChild, type Child } from './child.ts'
import type { Result } from './clients.ts'
import { controlOf, type Control } from './control.ts'
import { startNginx, type Nginx } from './nginx.ts'
import { steadyPort } from './steady-port.ts'

type Environment = Readonly<Record<string, string>>
type Json = Record<string, unknown>

const apiKey = 'the-key-of-the-fleet-0123456789'
/** What every caller of the fleet brings. */
export const fleetHeaders = { authorization: `Bearer ${apiKey}` }

/** What docs/operating.md says that each instance is told. */
const documented: Environment = {
  GATEWAY_API_KEY: apiKey,
  TRUSTED_PROXIES: '127.0.0.1',
  SHUTDOWN_DELAY_SECONDS: '3',
}

/** One instance, on the same address however often it is started. */
export class FleetInstance {
  readonly url: string
  /** What it has said on stderr in each of its lives, where it said something. */
  readonly complaints: string[] = []
  readonly #env: Environment
  #child: Child | null = null

  constructor(port: number, env: Environment) {
    this.url = `http://127.0.0.1:${port}`
    this.#env = { ...env, PORT: String(port) }
  }

  async start(): Promise<void> {
    const child = startChild(this.#env)
    this.#child = child
    await child.says(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/)
  }

  /** Tells it to end and waits for that; gives its exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    const child = this.#child
    if (!child) return 0
    child.process.kill(signal)
    const end = await child.ended
    if (child.stderr() !== '') this.complaints.push(child.stderr())
    this.#child = null
    return end
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.process.kill(signal)
  }
}

export interface FleetOptions {
  /** An empty place on a PostgreSQL server. */
  readonly databaseUrl: string
  /** What each instance is told beside what the documents say. */
  readonly each?: Environment
  /** What the instances are told that differ, in their order. */
  readonly own?: readonly Environment[]
  readonly size?: number
}

/** A simulator, PostgreSQL, so many instances in processes of their own, and nginx before them: one gateway to its clients. */
export class Fleet {
  readonly simulator: Simulator
  readonly control: Control
  readonly instances: readonly FleetInstance[]
  readonly nginx: Nginx
  readonly #folder: string

  private constructor(
    simulator: Simulator,
    nginx: Nginx,
    instances: readonly FleetInstance[],
    folder: string,
  ) {
    this.simulator = simulator
    this.control = controlOf(simulator.url)
    this.nginx = nginx
    this.instances = instances
    this.#folder = folder
  }

  static async start({ databaseUrl, each = {}, own = [], size = 3 }: FleetOptions): Promise<Fleet> {
    const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-fleet-'))
    const simulator = await startSimulator({ port: 0 })
    const config = join(folder, 'apps.json')
    const apps = await fetch(`${simulator.url}/__sim/gateway-config`)
    writeFileSync(config, await apps.text())
    const shared = {
      GATEWAY_CONFIG: config,
      GRAPH_API_URL: simulator.url,
      DATABASE_URL: databaseUrl,
      RECONCILE_SECONDS: '0',
      LOG_LEVEL: 'error',
      ...documented,
      ...each,
    }
    const ports = await Promise.all(Array.from({ length: size }, steadyPort))
    const instances = ports.map((port, index) => new FleetInstance(port, { ...shared, ...own[index] }))
    // The first migrates the store; nobody waits for the others to wait for that.
    for (const instance of instances) await instance.start()
    const nginx = await startNginx(instances.map(({ url }) => url))
    const fleet = new Fleet(simulator, nginx, instances, folder)
    await fleet.control.play('callbacks', { url: nginx.url })
    return fleet
  }

  /** Where clients come. */
  get url(): string {
    return this.nginx.url
  }

  /** One operation, at nginx or at one instance; rejects when the answer is no JSON or its status is not 200. */
  async post(query: string, variables: object = {}, url = this.url): Promise<Result<Json>> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...fleetHeaders },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`answered ${response.status}: ${text.slice(0, 300)}`)
    return JSON.parse(text) as Result<Json>
  }

  /** The data of an operation that must not fail. */
  async ask(query: string, variables: object = {}, url = this.url): Promise<Json> {
    const { data, errors } = await this.post(query, variables, url)
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }

  /** What a mutation answers. */
  async mutate(field: string, input: object, url = this.url): Promise<Json> {
    return (await this.ask(mutationText(field), { input }, url))[field] as Json
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nginx[Symbol.asyncDispose]()
    await Promise.all(this.instances.map((instance) => instance.stop('SIGKILL')))
    await this.simulator.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
