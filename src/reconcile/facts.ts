import type { SolutionStatus } from '../solutions/lifecycle.ts'

/** The last state of one object in the log. */
export interface Fact<State extends string = string> {
  readonly state: State
  /** The time of that state, in whole seconds: Meta gives no more. */
  readonly at: number
  /** The newest event about the object, also when it came too late to change the state. */
  readonly seq: number
  /** The last time of each state, where more than the newest matters. */
  readonly times?: Times
}

export type Times = Readonly<Partial<Record<Presence, number | undefined>>>

/**
 * INSTALLED: the only event about the account is PARTNER_APP_INSTALLED. No page of Meta's says that such an account is in
 * the list of shared ones, so it means nothing when it is missing there.
 */
export type Presence = 'SHARED' | 'INSTALLED' | 'GONE'

/** Whether the app is subscribed to the webhooks of an account. */
export type Reach = 'HELD' | 'LOST'

/** What the log says about the objects of one app, up to a position. */
export interface Knowledge {
  readonly appId: string
  readonly upTo: number
  /** The newest baseline. */
  readonly baseline: { readonly seq: number; readonly at: number } | null
  /** The lists that a baseline has covered. Only in these is an object new that the log does not know. */
  readonly listed: { readonly solutions: boolean; readonly accounts: boolean }
  readonly solutions: ReadonlyMap<string, Fact<SolutionStatus>>
  readonly accounts: ReadonlyMap<string, Fact<Presence>>
  /** The last state of the app's own subscription; null when it was never missing. */
  readonly subscription: Fact | null
  /** Accounts to which the app is, or was, subscribed. An account to which it never was is not in it. */
  readonly reach: ReadonlyMap<string, Fact<Reach>>
  /** The portfolios of the partners in solutions that brought customers, this app's own included. */
  readonly partners: ReadonlySet<string>
}

const never = -1

/**
 * The knowledge of an account after one more event, whatever the order in which events arrive. Whether the account is here
 * depends on the latest event, and whether it is shared on the events since it last left. Within a second, which is all
 * that Meta gives, the event that arrived later counts.
 */
export function accountAfter(
  known: Fact<Presence> | undefined,
  told: Presence,
  at: number,
  seq: number,
): Fact<Presence> {
  const before = timesOf(known)
  const times: Times = { ...before, [told]: Math.max(at, before[told] ?? never) }
  return { state: presenceIn(times, known, told, at), at: Math.max(at, known?.at ?? at), seq, times }
}

const timesOf = (known: Fact<Presence> | undefined): Times =>
  known ? (known.times ?? { [known.state]: known.at }) : {}

function presenceIn(times: Times, known: Fact<Presence> | undefined, told: Presence, at: number): Presence {
  const { SHARED = never, INSTALLED = never, GONE = never } = times
  const here = Math.max(SHARED, INSTALLED)
  const last = here === GONE && at < here && known ? known.state : told
  if (GONE > here || (GONE === here && last === 'GONE')) return 'GONE'
  return SHARED >= GONE && SHARED !== never ? 'SHARED' : 'INSTALLED'
}
