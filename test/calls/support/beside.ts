import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../../src/config.ts'
import { startGateway } from '../../../src/resources.ts'
import type { TestGateway } from '../../support/gateway.ts'

interface Beside {
  readonly url: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Another gateway for the same apps as the sandbox's, on its Graph or on the one at another address. */
export async function startBeside(
  sandbox: TestGateway,
  { deadlineMs, ...overrides }: Partial<Config> & { readonly deadlineMs?: number },
): Promise<Beside> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'gateway-'))
  const databaseUrl = `file:${join(folder.path, 'gateway.db')}`
  const config = { ...sandbox.config, databaseUrl, port: 0, reconcileSeconds: 0, ...overrides }
  const gateway = await startGateway(config, undefined, deadlineMs === undefined ? {} : { deadlineMs })
  const dispose = async (): Promise<void> => {
    await gateway.close()
    await folder.remove()
  }
  return { url: gateway.url, [Symbol.asyncDispose]: dispose }
}
