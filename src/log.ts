import { AsyncLocalStorage } from 'node:async_hooks'
import { pino, type DestinationStream, type Logger, levels, type LoggerOptions } from 'pino'
import type { Config } from './config/config.ts'
import { secretsOf, type Secrets } from './config/shapes.ts'
import { createRedactor } from './redaction.ts'

// Keys whose values are never printed, wherever they stand in an object that is logged.
const secretKeys = [
  'authorization',
  'token',
  'systemToken',
  'appSecret',
  'appSecrets',
  'verifyToken',
  'access_token',
  'apiKey',
  'encryptionKeys',
  'appsecret_proof',
]
const redact = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])

/** What each line has that is written while something runs: the names of the request that it is for. */
export const logFields = new AsyncLocalStorage<object | undefined>()

/**
 * One JSON line per event, of bounded length, and at most 60 a minute with the same message. Secrets are replaced by the
 * name of their key and, as some come inside texts of others, wherever a configured secret or something like a token
 * stands in a line.
 */
export function createLogger(
  config: Secrets & Pick<Config, 'logLevel'>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redact, censor: '[secret]' },
    mixin: () => ({ ...logFields.getStore() }),
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

const minuteMs = 60_000

/** Lines a minute with the same message. */
const maxLines = 60

/** Messages are constants of this code and few. Should one ever hold foreign text, so many are told apart. */
const maxMessages = 500

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

/**
 * Keeps a flood of one message from filling the disk: after 60 lines of it in a minute the others are left out, and one
 * line at the end says how many. Fatal lines and those below the level `info` are always printed.
 */
function createFloodGate(windowMs = minuteMs): LogMethod {
  const counts = new Map<string, { lines: number }>()

  function begin(message: string, tell: (leftOut: number) => void): { lines: number } {
    const count = { lines: 0 }
    counts.set(message, count)
    const end = (): void => {
      counts.delete(message)
      if (count.lines > maxLines) tell(count.lines - maxLines)
    }
    setTimeout(end, windowMs).unref()
    return count
  }

  return function pass(this: Logger, args, method, level) {
    if (level < levels.values['info']! || level >= levels.values['fatal']!) return method.apply(this, args)
    const text = messageIn(args)
    const message = counts.has(text) || counts.size < maxMessages ? text : 'others'
    const tell = (leftOut: number): void =>
      method.call(this, { message, leftOut }, 'more lines of this message were left out')
    const count = counts.get(message) ?? begin(message, tell)
    if (++count.lines <= maxLines) method.apply(this, args)
  }
}

function messageIn([first, second]: readonly unknown[]): string {
  const message = typeof first === 'string' ? first : second
  return typeof message === 'string' ? message : ''
}

const maxText = 2_000
const maxItems = 50
const maxDepth = 6

/** A copy for the log with long texts, long lists and deep nesting cut off. */
function shorten(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return shortenText(value)
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth === maxDepth) return '…'
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => shorten(item, depth + 1))
  const entries = Object.entries(value).slice(0, maxItems)
  return Object.fromEntries(entries.map(([key, item]) => [shortenText(key), shorten(item, depth + 1)]))
}

function shortenText(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text
}

// JSON escapes only the control characters below space: these still move a terminal's cursor or turn its text.
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Makes a line of JSON fit to be printed: no configured secret, nothing like a token, no control character. */
export function createScrubber(secrets: readonly string[]): (line: string) => string {
  // Values without a name are kept: the log prints digests, and Graph's texts have been redacted before.
  const redact = createRedactor({ secrets, mark: '[secret]', unnamed: false })
  return (line) => redact(line).replace(unprintable, escape)
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
