import type { GraphMethod } from '../endpoint.ts'

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
