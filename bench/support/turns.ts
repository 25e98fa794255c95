import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'

/** Measures the turns of a gateway's event loop. */
export class Turns implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mps-turns-'))
  readonly file = join(this.#folder, 'longest')

  /** Milliseconds of processor time that the longest turn has taken since this was asked last. */
  async longest({ pid }: Child): Promise<number> {
    rmSync(this.file, { force: true })
    process.kill(pid, 'SIGUSR2')
    while (!existsSync(this.file) || readFileSync(this.file, 'utf8') === '') await sleep(10)
    return Number(readFileSync(this.file, 'utf8'))
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}
