import type { GraphError } from '../error.ts'

/** What a throttle code is about: all tokens of that kind of the app, one token, or the object of the call. */
export type CooldownScope = 'kind' | 'token' | 'object'

/** How long all calls of a scope wait. */
export interface Cooldown {
  readonly until: number
  /** Stops in a row, without an answer between. */
  readonly strikes: number
  /** What Graph said, for those who are refused meanwhile. */
  readonly error: GraphError
}

// docs/graph-api/overview/rate-limiting, where the kind of token decides which allowance a call uses up: 4 is the app's
// limit, 17 a user's, 32 a page's for a user, 613 a custom one;
// docs/graph-api/guides/error-handling: 341 is the application's. 130429: WhatsApp's error page, throughput of a number.
const SCOPES: ReadonlyMap<number, CooldownScope> = new Map([
  [4, 'kind'],
  [341, 'kind'],
  [17, 'token'],
  [32, 'token'],
  [613, 'token'],
  [80007, 'object'],
  [80008, 'object'],
  [130429, 'object'],
])

/** Null where one operation has to wait, such as PIN tries, and other calls about the same object need not. */
export function cooldownScope({ kind, code }: GraphError): CooldownScope | null {
  if (kind !== 'throttled') return null
  return code === undefined ? 'object' : (SCOPES.get(code) ?? null)
}

/** In whole seconds; a clock with fractions of milliseconds adds none. */
export function secondsLeft({ until }: Cooldown, now: number): number {
  return Math.ceil(Math.round(until - now) / 1000)
}

const FIRST_MS = 60_000
const LONGEST_MS = 60 * 60_000

/** The stop that follows a throttled answer. Without a stated wait it doubles: going on lengthens the block. */
export function cooldownAfter(
  before: Cooldown | null,
  error: GraphError,
  now: number,
  seconds: number | undefined,
): Cooldown {
  const going = before !== null && now < before.until
  // Calls that were under way together are refused together; that is one strike.
  const strikes = (before?.strikes ?? 0) + (going ? 0 : 1)
  const own = Math.min(FIRST_MS * 2 ** (strikes - 1), LONGEST_MS)
  const wait = seconds === undefined ? own : seconds * 1000
  const until = Math.max(now + wait, before?.until ?? 0)
  return { until, strikes, error }
}
