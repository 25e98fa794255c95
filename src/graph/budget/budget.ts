import type { GraphError } from '../error.ts'
import type { Priority, GraphMethod } from '../endpoint.ts'

/** What is known of an account's calls of the last hour: ours, counted per minute. */
export interface Allowance {
  readonly minutes: readonly (readonly [minute: number, calls: number])[]
  readonly limit: { readonly calls: number; readonly since: number } | null
  /** Whether it is an account for certain: it was asked for an edge that only accounts have. */
  readonly isAccount: boolean
}

// docs/graph-api/overview/rate-limiting: per app and account in a rolling hour, 5000 with a registered number.
const IDLE = 200
const ACTIVE = 5000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const NO_CALLS: Allowance = { minutes: [], limit: null, isAccount: false }

const METERED_EDGES: ReadonlySet<string> = new Set([
  'assigned_users',
  'phone_numbers',
  'message_templates',
  'subscribed_apps',
])

export type Metering = 'no' | 'perhaps' | 'account'

/** Whether the page names this call. A node may be an account, a number or anything else: its id does not tell. */
export function meteringOf(method: GraphMethod, path: readonly string[]): Metering {
  const [, edge, ...more] = path
  if (more.length > 0) return 'no'
  if (edge === undefined) return method === 'GET' ? 'perhaps' : 'no'
  return METERED_EDGES.has(edge) ? 'account' : 'no'
}

export function countCall(allowance: Allowance, now: number, metering: Metering): Allowance {
  if (metering === 'no') return allowance
  const minute = Math.floor(now / MINUTE)
  const recent = allowance.minutes.filter(([then]) => then > minute - 60 && then < minute)
  const [, calls] = allowance.minutes.find(([then]) => then === minute) ?? [minute, 0]
  const isAccount = allowance.isAccount || metering === 'account'
  return { ...allowance, isAccount, minutes: [...recent, [minute, calls + 1]] }
}

export function callsOf({ minutes }: Allowance, now: number): number {
  const oldest = Math.floor(now / MINUTE) - 60
  return minutes.reduce((sum, [minute, calls]) => (minute > oldest ? sum + calls : sum), 0)
}

/** When the last of them is an hour old; null when there are none. */
export function emptyAt({ minutes }: Allowance, now: number): number | null {
  const oldest = Math.floor(now / MINUTE) - 60
  const counted = minutes.filter(([minute, calls]) => minute > oldest && calls > 0)
  return counted.length > 0 ? (Math.max(...counted.map(([minute]) => minute)) + 1) * MINUTE + HOUR : null
}

/** How many calls an hour the account may make; null when nothing has shown it lately. */
export function limitOf({ limit }: Allowance, now: number): number | null {
  return limit !== null && now - limit.since < HOUR ? limit.calls : null
}

/** An answer to more calls than an idle account has shows an active one; a refusal before that shows an idle one. */
export function learn(allowance: Allowance, now: number, throttled: boolean): Allowance {
  const calls = callsOf(allowance, now)
  if (!throttled && calls <= IDLE) return allowance
  return { ...allowance, limit: { calls: calls > IDLE ? ACTIVE : IDLE, since: now } }
}

/**
 * How much of the hour is used up. `guess`, which paces background work only, takes the lower limit where none is known.
 * `sure` takes the higher one, and nothing for what may be no account, so that a guess refuses nobody who waits.
 */
export function usedPercent(
  allowance: Allowance,
  now: number,
): { readonly sure: number; readonly guess: number } {
  const { isAccount } = allowance
  const known = limitOf(allowance, now)
  const calls = callsOf(allowance, now) * 100
  return { sure: isAccount ? calls / (known ?? ACTIVE) : 0, guess: calls / (known ?? IDLE) }
}

/** What is known of one budget: an app's, a token's, or an account's. */
export interface Budget {
  readonly cooldown: Cooldown | null
  /** The highest percentage that Graph's headers named. */
  readonly usage: { readonly percent: number; readonly at: number } | null
  readonly allowance: Allowance
}

export const NEW_BUDGET: Budget = { cooldown: null, usage: null, allowance: NO_CALLS }

/** How full a budget is now. */
export interface BudgetStanding {
  readonly cooldown: Cooldown | null
  /** What Graph said, or what is certain. */
  readonly percent: number
  /** The same with the lower limit where Graph said nothing. */
  readonly guess: number
}

export function standingOf(budget: Budget, now: number): BudgetStanding {
  const { cooldown } = endCooldown(budget, now)
  const said = saidPercent(budget, now)
  const { sure, guess } = usedPercent(budget.allowance, now)
  const percent = Math.max(said ?? 0, sure)
  return { cooldown, percent, guess: said === null ? Math.max(percent, guess) : percent }
}

// The hour rolls, so a percentage falls by 100 in an hour at the least pace; the next header corrects it.
export function saidPercent(budget: Budget, now: number): number | null {
  const { usage } = endCooldown(budget, now)
  if (usage === null || now - usage.at >= HOUR) return null
  return Math.max(0, usage.percent - (100 * (now - usage.at)) / HOUR)
}

/** A cooldown that is over goes, and with it what was said before its end. Answers that come during a cooldown do not end it. */
export function endCooldown(budget: Budget, now: number): Budget {
  const { cooldown, usage } = budget
  if (cooldown === null || now < cooldown.until) return budget
  return { ...budget, cooldown: null, usage: usage !== null && usage.at > cooldown.until ? usage : null }
}

export function worst(standings: readonly BudgetStanding[]): BudgetStanding {
  return {
    cooldown: standings.reduce((last, { cooldown }) => later(last, cooldown), null as Cooldown | null),
    percent: Math.max(0, ...standings.map((standing) => standing.percent)),
    guess: Math.max(0, ...standings.map((standing) => standing.guess)),
  }
}

const later = (one: Cooldown | null, other: Cooldown | null): Cooldown | null =>
  (other?.until ?? 0) > (one?.until ?? 0) ? other : one

/** What cools down after a throttle code: all tokens of that kind of the app, one token, or the object of the call. */
export type CooldownScope = 'kind' | 'token' | 'object'

/** How long all calls of a scope wait. */
export interface Cooldown {
  readonly until: number
  /** Cooldowns in a row, without an answer between. */
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

/** The cooldown that follows a throttled answer. Without a stated wait it doubles: going on lengthens the block. */
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

export type BudgetVerdict =
  | { readonly go: true; readonly waitMs: number }
  /** `said` is the answer by which Graph itself stopped it. */
  | { readonly go: false; readonly seconds: number; readonly said: GraphError | null }

export interface BudgetRequest {
  readonly now: number
  readonly isRead: boolean
  readonly priority: Priority
  /** The longest that a read may be held back. */
  readonly slowestMs: number
}

/** Background work ends here, */
const BACKGROUND = 80
/** reads slow down from here, */
const SLOW = 90
/** and end here, so that this last part remains for changes: for writes, and for what is read for their sake. Graph throttles at 100. */
const READS = 95
const ALL = 100

/** Whether a call may leave now: docs/graph-api/overview/rate-limiting has what the percentages mean. */
export function mayLeaveNow(
  { cooldown, percent, guess }: BudgetStanding,
  { now, isRead, priority, slowestMs }: BudgetRequest,
): BudgetVerdict {
  if (cooldown) return { go: false, seconds: Math.max(1, secondsLeft(cooldown, now)), said: cooldown.error }
  const background = priority === 'background'
  const used = background ? Math.max(percent, guess) : percent
  if (background && used > BACKGROUND) return usedUp(used - BACKGROUND)
  const mayUseAll = !isRead || priority === 'change'
  if (!mayUseAll && used >= READS) return usedUp(used - READS)
  if (used >= ALL) return usedUp(used - ALL)
  const share = mayUseAll ? 0 : (used - SLOW) / (READS - SLOW)
  return { go: true, waitMs: Math.max(0, share) * slowestMs }
}

// A rolling hour gives back 36 seconds' worth for each percent.
function usedUp(percent: number): BudgetVerdict {
  return { go: false, seconds: Math.max(1, Math.min(3600, Math.ceil(percent * 36))), said: null }
}
