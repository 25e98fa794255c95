import type { Logger } from 'pino'
import { ConfigError } from '../config/config.ts'
import { StoreRefused } from '../events/log.ts'

/** The command line cannot be understood; the message says how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Says why the process cannot go on, and ends it. */
export function fail(error: unknown): never {
  console.error(explain(error))
  process.exit(1)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreRefused || error instanceof UsageError)
    return error.message
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE')
    return `Port ${port} is already in use. Choose others with PORT and SIMULATOR_PORT.`
  if (code === 'EACCES' && port)
    return `Port ${port} may not be opened by this user. Choose another with PORT.`
  if (code === 'EADDRNOTAVAIL') return 'HOST is not an address of this machine.'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

const patienceMs = 25_000

interface Stoppable {
  linger?(hurry: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * On SIGTERM or SIGINT it lingers, then closes. A second signal ends the lingering, or, when that is over, the process; so
 * do 25 s of closing.
 */
export function closeOnSignal({ linger = async () => {}, close }: Stoppable): void {
  const hurry = new AbortController()
  let stage: 'serving' | 'lingering' | 'closing' = 'serving'
  const end = async (): Promise<void> => {
    stage = 'lingering'
    await linger(hurry.signal)
    stage = 'closing'
    setTimeout(() => process.exit(1), patienceMs).unref()
    await close()
  }
  const stop = (): void => {
    if (stage === 'closing') process.exit(1)
    else if (stage === 'lingering') hurry.abort()
    else end().then(() => process.exit(0), fail)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (process.env['npm_lifecycle_event'] === undefined) return
  whenOrphaned(() => {
    if (stage === 'serving') stop()
  })
}

/** npm sends a signal to the shell between it and this process, and some shells die without passing it on. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250).unref()
}

/** After an uncaught error the state is unknown: it is logged, streams are ended, and the process exits. */
export function closeOnCrash({ close, logger }: { close(): Promise<void>; readonly logger: Logger }): void {
  const exit = (): never => process.exit(1)
  process.on('uncaughtException', (fault) => {
    logger.fatal({ err: fault }, 'an error that nobody caught: stopping')
    setTimeout(exit, patienceMs).unref()
    close().then(exit, exit)
  })
}

/** SIMULATOR_PORT, 4001 when it is not set. */
export function readSimulatorPort(env: Readonly<Record<string, string | undefined>>): number {
  const text = env['SIMULATOR_PORT'] || '4001'
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new ConfigError(['SIMULATOR_PORT: must be a number from 0 to 65535'])
}
