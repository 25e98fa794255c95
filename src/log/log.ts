import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { secretsOf } from '../config/secrets.ts'
import { createFloodGate } from './flood.ts'
import { createScrubber } from './scrub.ts'
import { shorten } from './shorten.ts'

// What must never be printed, wherever it stands in an object that is logged.
const secretKeys = [
  'authorization',
  'token',
  'systemToken',
  'appSecret',
  'appSecrets',
  'verifyToken',
  'access_token',
  'apiKey',
  'appsecret_proof',
]
const redact = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])

/**
 * One JSON line per event, of bounded length, and so many a minute with one message. Secrets are blacked out by the
 * name of their key and, as some come inside other people's texts, wherever a configured one or what looks like a
 * token stands in a line.
 */
export function createLogger(
  config: Pick<Config, 'logLevel' | 'apps' | 'apiKey'>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redact, censor: '[secret]' },
    serializers: { err: describeError },
    formatters: { log: (fields: Record<string, unknown>) => shorten(fields) as Record<string, unknown> },
    hooks: { streamWrite: createScrubber(secretsOf(config)), logMethod: createFloodGate() },
  }
  return destination ? pino(options, destination) : pino(options)
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: shorten(String(error)) }
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  const shown = { name, message, code, stack, ...(cause instanceof Error && { cause: describeError(cause) }) }
  return shorten(shown) as object
}
