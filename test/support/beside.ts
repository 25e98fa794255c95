import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../src/config/config.ts'
import { startGateway } from '../../src/gateway.ts'
import type { TestGateway } from './gateway.ts'

export interface Beside {
  readonly url: string
  /** Every line of its log so far. Empty with the level 'silent', which is the sandbox's. */
  readonly logLines: readonly string[]
  [Symbol.asyncDispose](): Promise<void>
}

/** Another gateway for the same apps as the sandbox's, on its Graph or on the one at another address. */
export async function startBeside(
  sandbox: TestGateway,
  { deadlineMs, ...overrides }: Partial<Config> & { readonly deadlineMs?: number },
): Promise<Beside> {
  const logLines: string[] = []
  const folder = await mkdtempDisposable(join(tmpdir(), 'gateway-'))
  const databaseUrl = `file:${join(folder.path, 'gateway.db')}`
  const config = { ...sandbox.config, databaseUrl, port: 0, reconcileSeconds: 0, ...overrides }
  const destination = { write: (line: string) => void logLines.push(line) }
  const gateway = await startGateway(config, destination, deadlineMs === undefined ? {} : { deadlineMs })
  const dispose = async (): Promise<void> => {
    await gateway.close()
    await folder.remove()
  }
  return { url: gateway.url, logLines, [Symbol.asyncDispose]: dispose }
}
