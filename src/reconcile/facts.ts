import type { SolutionStatus } from '../solutions/lifecycle.ts'

/** What the log last told of one object. */
export interface Fact<State extends string = string> {
  readonly state: State
  /** When it was so: whole seconds, since Meta tells no more. */
  readonly at: number
  /** The newest event about the object, also one that came too late to change the state. */
  readonly seq: number
  /** When each state was last told, where more than the newest matters. */
  readonly times?: Times
}

export type Times = Readonly<Partial<Record<Presence, number | undefined>>>

/**
 * INSTALLED: PARTNER_APP_INSTALLED told of the account and nothing else did. It has been announced, but no page of
 * Meta's says that an app-only install puts it among the shared ones, so missing there means nothing.
 */
export type Presence = 'SHARED' | 'INSTALLED' | 'GONE'

/** Whether webhooks of an account reach the app, as far as the subscription goes. */
export type Reach = 'HELD' | 'LOST'

/** What the log knows of one app's objects, up to a position. */
export interface Knowledge {
  readonly appId: string
  readonly upTo: number
  /** The newest baseline. */
  readonly baseline: { readonly seq: number; readonly at: number } | null
  /** Which lists a baseline has covered: only there is an object that the log does not know a new one. */
  readonly listed: { readonly solutions: boolean; readonly accounts: boolean }
  readonly solutions: ReadonlyMap<string, Fact<SolutionStatus>>
  readonly accounts: ReadonlyMap<string, Fact<Presence>>
  /** What was last told of the app's own subscription; null when it was never missed. */
  readonly subscription: Fact | null
  /** Of which accounts webhooks came, and of which they no longer do. One that never had the app among theirs is not here. */
  readonly reach: ReadonlyMap<string, Fact<Reach>>
  /** Portfolios that take part in solutions which onboarded customers, this app's own among them. */
  readonly partners: ReadonlySet<string>
}

const never = -1

/**
 * What is known of an account after one more event, whatever the order in which they come: whether it is here depends on
 * what was told last, and whether it is shared on what was told since it was last gone. Within a second, which is all
 * that Meta tells, the one that came later counts.
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
