import { ConfigError } from '../config/config.ts'

/** SIMULATOR_PORT, 4001 when it is not set. */
export function readSimulatorPort(env: Readonly<Record<string, string | undefined>>): number {
  const text = env['SIMULATOR_PORT'] || '4001'
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new ConfigError(['SIMULATOR_PORT: must be a number from 0 to 65535'])
}
