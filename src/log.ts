import { pino, type DestinationStream, type Logger, levels, type LoggerOptions } from 'pino'
import type { Config } from './config/config.ts'
import { secretsOf } from './config/shapes.ts'
import { createRedactor } from './redaction.ts'

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

const minuteMs = 60_000

/** Lines with one message that a minute may have. */
const maxLines = 60

/** Messages are ours and few. Should one ever be made of what comes from outside, so many are told apart. */
const maxMessages = 500

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

/**
 * Keeps a flood of one message from filling the disk: of each so many lines go out in a minute, and at its end one
 * that says how many were left out. What is fatal always goes out, and what somebody who debugs has asked for.
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

/** A copy for the log: whatever somebody outside sends, a line stays of a length that can be read and kept. */
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

// JSON escapes only the controls below space: these still move a terminal's cursor or turn its text.
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Makes a line of JSON fit to be printed: no configured secret, nothing like a token, no control character. */
export function createScrubber(secrets: readonly string[]): (line: string) => string {
  // Digests stand in lines of ours, and nothing that Graph said comes here before it has been redacted.
  const redact = createRedactor({ secrets, mark: '[secret]', unnamed: false })
  return (line) => redact(line).replace(unprintable, escape)
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
