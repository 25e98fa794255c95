import { Play } from '../writes/support/play.ts'
import { startChild, type Child } from './child.ts'
import { startNginx, type Nginx } from './nginx.ts'
import { steadyPort } from './steady-port.ts'

type Environment = Readonly<Record<string, string>>

const apiKey = 'the-key-of-the-fleet-0123456789'
/** What every caller of the fleet brings. */
export const fleetHeaders = { authorization: `Bearer ${apiKey}` }

/** What docs/operating.md says that each instance is told. */
const documented: Environment = {
  TRUSTED_PROXIES: '127.0.0.1',
  SHUTDOWN_DELAY_SECONDS: '3',
  TOKEN_ENCRYPTION_KEY: Buffer.alloc(32, 'the key of the fleet').toString('base64'),
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

  get pid(): number | undefined {
    return this.#child?.process.pid
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
  /** Whether a wire lies between instances and simulator. */
  readonly wired?: boolean
}

const size = 3

/**
 * A simulator, PostgreSQL, three instances in processes of their own, and nginx before them: one gateway to its clients.
 * In the play, gateway 0 is nginx and the others are the instances.
 */
export class Fleet {
  readonly play: Play
  readonly instances: readonly FleetInstance[]
  readonly nginx: Nginx

  private constructor(play: Play, instances: readonly FleetInstance[], nginx: Nginx) {
    this.play = play
    this.instances = instances
    this.nginx = nginx
  }

  static async start({ databaseUrl, each, own = [], wired = false }: FleetOptions): Promise<Fleet> {
    const play = await Play.begin({ databaseUrl, wired, overrides: { apiKey, logLevel: 'error' } })
    await play.closeGateways()
    const shared = { ...play.environment(), ...documented, ...each }
    const ports = await Promise.all(Array.from({ length: size }, steadyPort))
    const instances = ports.map((port, index) => new FleetInstance(port, { ...shared, ...own[index] }))
    await Promise.all(instances.map((instance) => instance.start()))
    const urls = instances.map(({ url }) => url)
    const nginx = await startNginx(urls)
    play.urls.push(nginx.url, ...urls)
    await play.setCallbacks()
    return new Fleet(play, instances, nginx)
  }

  /** Where clients come. */
  get url(): string {
    return this.nginx.url
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nginx[Symbol.asyncDispose]()
    await Promise.all(this.instances.map((instance) => instance.stop('SIGKILL')))
    await this.play.close()
  }
}
