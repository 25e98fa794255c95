import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { within } from '../within.ts'
import type { Answer, Command } from './keeper.ts'

const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))
const patienceMs = 60_000

/** A PostgreSQL server that can be killed like a machine, and started again on the same port. */
export class PostgresProcess {
  readonly #keeper: ChildProcess
  #url = ''

  private constructor() {
    this.#keeper = spawn(process.execPath, [keeper], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  static async start(): Promise<PostgresProcess> {
    const started = new PostgresProcess()
    started.#url = await started.#answer()
    return started
  }

  get url(): string {
    return this.#url
  }

  async killAndRestart(): Promise<void> {
    await this.#tell('kill')
    await this.#tell('restart')
  }

  async stop(): Promise<void> {
    const exit = once(this.#keeper, 'exit')
    this.#keeper.disconnect()
    await within(patienceMs, 'PostgreSQL to stop', exit)
  }

  #tell(command: Command): Promise<string> {
    this.#keeper.send(command)
    return this.#answer()
  }

  async #answer(): Promise<string> {
    const [answer] = (await within(patienceMs, 'PostgreSQL', once(this.#keeper, 'message'))) as [Answer]
    if ('url' in answer) return answer.url
    throw new Error(answer.failure)
  }
}
