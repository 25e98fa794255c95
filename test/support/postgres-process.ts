import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Command } from './postgres-keeper.ts'

const keeper = fileURLToPath(new URL('postgres-keeper.ts', import.meta.url))

/**
 * A PostgreSQL server that can be killed like a machine, and started again on the same port. It ends with the process
 * that started it, however that ends.
 */
export class PostgresProcess {
  readonly #keeper: ChildProcess
  readonly #ended: Promise<never>
  #url = ''

  private constructor(args: readonly string[]) {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const
    this.#keeper = spawn(process.execPath, [keeper, ...args], { stdio: [...stdio] })
    this.#ended = once(this.#keeper, 'exit').then(([code, signal]) => {
      throw new Error(`The keeper of PostgreSQL ended with ${code ?? signal}`)
    })
    this.#ended.catch(() => {})
  }

  /** With settings of the server beside those of all tests, e.g. `fsync=off`. */
  static async start(...settings: readonly string[]): Promise<PostgresProcess> {
    const started = new PostgresProcess(settings)
    started.#url = await started.#answer()
    return started
  }

  /** A standby of a running server. `SELECT pg_promote()` makes it take its place. */
  static async follow(primaryUrl: string, ...settings: readonly string[]): Promise<PostgresProcess> {
    return PostgresProcess.start('--follow', primaryUrl, ...settings)
  }

  get url(): string {
    return this.#url
  }

  /** What a crash of the machine leaves of it: nothing runs on. */
  async kill(): Promise<void> {
    await this.#tell('kill')
  }

  async restart(): Promise<void> {
    await this.#tell('restart')
  }

  async stop(): Promise<void> {
    const exit = once(this.#keeper, 'exit')
    this.#keeper.disconnect()
    await exit
  }

  #tell(command: Command): Promise<string> {
    this.#keeper.send(command)
    return this.#answer()
  }

  async #answer(): Promise<string> {
    const [answer] = (await Promise.race([once(this.#keeper, 'message'), this.#ended])) as [Answer]
    if ('url' in answer) return answer.url
    throw new Error(answer.failure)
  }
}
