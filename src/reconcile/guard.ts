import type { NewEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'

/** The right to look, for as long as it is held. */
export interface Lease {
  /** Stores the events only while the lease is held: a holder that was paused and lost it must be refused. */
  append(events: readonly NewEvent[]): Promise<void>
  isHeld(): boolean
}

/** Of several gateways on one store, lets one look at a time. */
export interface Guard {
  /** Null: another instance looks now. */
  withLease<T>(work: (lease: Lease) => Promise<T>): Promise<T | null>
}

/** For a gateway that is alone with its store. */
export function soleGuard(log: EventLog): Guard {
  const append = async (events: readonly NewEvent[]): Promise<void> => void (await log.append(events))
  return { withLease: (work) => work({ append, isHeld: () => true }) }
}
