import { type StoredEvent } from '../events/event.ts'
import { kindsThat, rowOfKind } from '../events/kinds.ts'
import type { EventLog } from '../events/log.ts'

/**
 * What comes in place of the others when a customer has signed up without a website: Meta's page on optional websites
 * ("Embedded Signup") reads so. It is also news of a verification.
 */
const standIn = 'PARTNER_CLIENT_CERTIFICATION_NEEDED'

/** Among these are all that say that an account has come or gone. */
export const turnKinds = kindsThat(({ turn }) => turn !== undefined)
/** Among these are all that tell of an arrival: `isArrival` says which. */
export const arrivingKinds = turnKinds.filter((kind) => rowOfKind(kind).turn !== 'DEPARTURE')

type Told = Pick<StoredEvent, 'kind' | 'event' | 'source'>
const isStandIn = ({ event, source }: Told): boolean => event === standIn && source === 'WEBHOOK'

/** PARTNER_ADDED, PARTNER_APP_INSTALLED, and whatever comes in their place. */
export const isArrival = (told: Told): boolean => rowOfKind(told.kind).turn === 'ARRIVAL' || isStandIn(told)
export const isDeparture = ({ kind }: Pick<StoredEvent, 'kind'>): boolean =>
  rowOfKind(kind).turn === 'DEPARTURE'

/** A stand-in of a business that had come before tells of a verification alone. */
export async function tellsOfArrival(
  log: Pick<EventLog, 'businessesKnownBefore'>,
  event: Pick<StoredEvent, 'seq' | 'appId' | 'ownerBusinessId'> & Told,
): Promise<boolean> {
  if (!isStandIn(event)) return isArrival(event)
  const { ownerBusinessId: owner, appId, seq } = event
  return owner !== null && !(await log.businessesKnownBefore([owner], [appId], seq)).has(owner)
}

// A plain signup was seen to send PARTNER_ADDED and, nine seconds later, PARTNER_APP_INSTALLED.
const sameArrivalMs = 60 * 60_000

/**
 * Whether an event tells of a customer's arrival for the first time. `earlier` are the events of the same
 * account before it, oldest first. Each of several apps is told of one arrival: the n-th PARTNER_ADDED of
 * one app and the n-th of another are the same one. PARTNER_APP_INSTALLED alone tells of a hosted signup,
 * after PARTNER_ADDED it is the same arrival.
 */
export function isNewArrival(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  const turns = earlier.filter((one) => isArrival(one) || isDeparture(one))
  return event.kind === 'CLIENT_WABA_ONBOARDED' ? isNewlyAdded(event, turns) : !isPresent(turns)
}

/** The newest event that told of an arrival for the first time, whatever became of it; events of one account, oldest first. */
export const lastArrivalIn = (told: readonly StoredEvent[]): StoredEvent | null =>
  told.findLast((event, index) => isArrival(event) && isNewArrival(event, told.slice(0, index))) ?? null

/**
 * The event by which an account is here, of what one app was told of its coming and going, oldest first. Null when it has
 * gone since. What tells of the same arrival once more changes nothing.
 */
export function arrivalIn(told: readonly StoredEvent[]): StoredEvent | null {
  let arrival: StoredEvent | null = null
  for (const [index, event] of told.entries()) {
    if (isDeparture(event)) arrival = null
    else if (isArrival(event) && (arrival === null || isNewArrival(event, told.slice(0, index))))
      arrival = event
  }
  return arrival
}

function isNewlyAdded(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  if (wasAnnounced(event, earlier) || wasFound(event, earlier)) return false
  const added = earlier.filter(
    ({ kind, solutionId }) => kind === event.kind && solutionId === event.solutionId,
  )
  const byApp = Map.groupBy(added, ({ appId }) => appId)
  const own = (byApp.get(event.appId)?.length ?? 0) + 1
  return [...byApp].every(([appId, told]) => appId === event.appId || told.length < own)
}

const sinceLeaving = (earlier: readonly StoredEvent[]): readonly StoredEvent[] =>
  earlier.slice(earlier.findLastIndex(({ kind }) => kind === 'CLIENT_WABA_REMOVED') + 1)

/** Something else has told of this arrival a short time before. The comparison with Graph looks later than that. */
function wasAnnounced(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  const here = sinceLeaving(earlier)
  const last = here.at(-1)
  if (!last || !isArrival(last) || here.some(({ kind }) => kind === event.kind)) return false
  return event.source === 'RECONCILED' || event.occurredAt - last.occurredAt < sameArrivalMs
}

/** A late webhook of an arrival that the comparison with Graph has found before. */
function wasFound(event: StoredEvent, earlier: readonly StoredEvent[]): boolean {
  return sinceLeaving(earlier).some(
    ({ kind, source, occurredAt }) =>
      kind === event.kind && source === 'RECONCILED' && occurredAt >= event.occurredAt,
  )
}

function isPresent(earlier: readonly StoredEvent[]): boolean {
  const last = earlier.at(-1)
  return last !== undefined && isArrival(last)
}
