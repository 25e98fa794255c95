import { startSandbox } from '../../src/cli/sandbox.ts'
import { readConfig, type AppConfig, type Config } from '../../src/config/config.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'

export interface TestGateway {
  readonly url: string
  readonly simulator: Simulator
  /** What the gateway runs with; `apps` are the two simulated ones. */
  readonly config: Config & { readonly apps: readonly [AppConfig, AppConfig, ...AppConfig[]] }
  /** Every line of the log so far. Empty with the default level, 'silent'. */
  readonly logLines: readonly string[]
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The sandbox that `npm start` brings up, on free ports: simulator, gateway, a store of its own, callbacks set. */
export async function startTestGateway(overrides: Partial<Config> = {}): Promise<TestGateway> {
  const logLines: string[] = []
  const config = { ...readConfig({ PORT: '0', LOG_LEVEL: 'silent' }), ...overrides }
  const destination = { write: (line: string) => void logLines.push(line) }
  const given = overrides.databaseUrl !== undefined
  const sandbox = await startSandbox(config, 0, given, destination)
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= sandbox.close())
  const { url, simulator } = sandbox
  const apps = sandbox.config.apps as TestGateway['config']['apps']
  const full = { ...sandbox.config, apps }
  return { url, simulator, config: full, logLines, close, [Symbol.asyncDispose]: close }
}
