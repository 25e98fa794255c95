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
