import { arrivalKinds, type EventKind, type StoredEvent } from '../events/event.ts'

export { arrivalKinds } from '../events/event.ts'

const departureKinds = ['CLIENT_WABA_APP_UNINSTALLED', 'CLIENT_WABA_REMOVED'] as const

/** Whatever says that an account has come or gone. */
export const turnKinds = [...arrivalKinds, ...departureKinds] as const

const arrivals: ReadonlySet<EventKind> = new Set(arrivalKinds)
const departures: ReadonlySet<EventKind> = new Set(departureKinds)

type OfKind = Pick<StoredEvent, 'kind'>
export const isArrival = ({ kind }: OfKind): boolean => arrivals.has(kind)
export const isDeparture = ({ kind }: OfKind): boolean => departures.has(kind)

// A plain signup was seen to send PARTNER_ADDED and, nine seconds later, PARTNER_APP_INSTALLED.
const sameArrivalMs = 60 * 60_000

/**
 * Whether an event tells of a customer's arrival for the first time. `earlier` are the events of the same
 * account before it, oldest first. Each of several apps is told of one arrival: the n-th PARTNER_ADDED of
 * one app and the n-th of another are the same one. PARTNER_APP_INSTALLED alone tells of a hosted signup,
 * after PARTNER_ADDED it is the same arrival.
 */
export function isNewArrival(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  return event.kind === 'CLIENT_WABA_ONBOARDED' ? isNewlyAdded(event, earlier) : !isPresent(earlier)
}

/**
 * The event by which an account is here, of what one app was told of its coming and going, oldest first. Null when it has
 * gone since. What tells of the same arrival once more changes nothing.
 */
export function arrivalIn(told: readonly StoredEvent[]): StoredEvent | null {
  let arrival: StoredEvent | null = null
  for (const [index, event] of told.entries()) {
    if (isDeparture(event)) arrival = null
    else if (arrival === null || isNewArrival(event, told.slice(0, index))) arrival = event
  }
  return arrival
}

function isNewlyAdded(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  if (wasJustInstalled(event, earlier) || wasFound(event, earlier)) return false
  const added = earlier.filter(
    ({ kind, solutionId }) => kind === event.kind && solutionId === event.solutionId,
  )
  const byApp = Map.groupBy(added, ({ appId }) => appId)
  const own = (byApp.get(event.appId)?.length ?? 0) + 1
  return [...byApp].every(([appId, told]) => appId === event.appId || told.length < own)
}

function wasJustInstalled(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  const last = earlier.at(-1)
  if (last?.kind !== 'CLIENT_WABA_APP_INSTALLED' || isPresent(earlier.slice(0, -1))) return false
  return event.occurredAt - last.occurredAt < sameArrivalMs
}

/** A late webhook of an arrival that the comparison with Graph has found before. */
function wasFound(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  const since = earlier.findLastIndex(({ kind }) => kind === 'CLIENT_WABA_REMOVED') + 1
  return earlier
    .slice(since)
    .some(
      ({ kind, source, occurredAt }) =>
        kind === event.kind && source === 'RECONCILED' && occurredAt >= event.occurredAt,
    )
}

function isPresent(earlier: readonly StoredEvent[]): boolean {
  const last = earlier.at(-1)
  return last !== undefined && isArrival(last)
}
