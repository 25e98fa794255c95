import type { Cursors } from './cursor.ts'
import type { EventSource, NewEvent, StoredEvent } from './event.ts'
import type { EventKind } from './kinds.ts'

export interface EventFilter {
  /** Only events of these apps. The caller's rights: always given, never empty by accident. */
  readonly appIds: readonly string[]
  readonly kinds?: readonly EventKind[]
  readonly sources?: readonly EventSource[]
  readonly solutionId?: string
  readonly wabaId?: string
}

export interface LogPage {
  /** Where it begins: ahead of the position that was asked for when retention has taken something between the two. */
  readonly from: number
  /** Oldest first. Fewer than asked for: there are no more up to `upTo`. */
  readonly events: readonly StoredEvent[]
  /** Everything that matches up to here has been seen: where the next read goes on. */
  readonly upTo: number
}

export interface Appended {
  readonly stored: number
  readonly duplicates: number
}

/** Who owns an account and through which solution it was onboarded, as the newest webhook said. */
export interface KnownOnboarding {
  readonly wabaId: string
  readonly ownerBusinessId: string
  readonly solutionId: string | null
  readonly appId: string
}

/**
 * The one store of what happened. Reads see whole appends, in order of `seq`, and can skip nothing. Every call
 * rejects with StoreUnavailable while the store cannot be used.
 */
export interface EventLog {
  /** Names this log in cursors, so that a cursor of another log is refused. */
  readonly id: string
  readonly cursors: Cursors
  /**
   * Resolves when the events are on disk; all of one call or none. Known dedupe keys are passed over. A call with an
   * event that no store could keep rejects alone, whatever it shares a transaction with.
   */
  append(events: readonly NewEvent[]): Promise<Appended>
  /** A position ahead of the log, as after a restore from a backup, goes on at its head. */
  readAfter(seq: number, filter: EventFilter, limit: number): Promise<LogPage>
  /** The newest that match, oldest of them first. */
  readBefore(seq: number, filter: EventFilter, limit: number): Promise<readonly StoredEvent[]>
  get(seq: number): Promise<StoredEvent | null>
  /** The newest position, 0 when nothing was ever appended. Stays when retention takes the event. */
  head(): Promise<number>
  /** The newest position that retention took, 0 when none: who goes on from before it has missed events. */
  start(): Promise<number>
  /**
   * Deletes, from the beginning, events received before a time: at most `limit`, in one small transaction beside which
   * appends go on. Gives their number; 0 when there is nothing more to delete.
   */
  deleteBefore(time: number, limit: number): Promise<number>
  /** The newest known onboarding of an account, or of any account of a business. */
  onboarding(
    of: { wabaId: string } | { ownerBusinessId: string },
    appIds: readonly string[],
  ): Promise<KnownOnboarding | null>
  /** Which of the businesses had come with an account before a position, also where retention took the event. */
  businessesKnownBefore(
    ownerBusinessIds: readonly string[],
    appIds: readonly string[],
    before: number,
  ): Promise<ReadonlySet<string>>
  /** Resolves at the next append, or at once when the signal ends. */
  appended(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** For code that serves many readers at once and asks each one's rights itself. */
export interface WholeReads {
  /** Like `readAfter`, for all apps. */
  readAllAfter(seq: number, limit: number): Promise<LogPage>
}

/** The store cannot take or give events now (locked, full, gone). The caller may try again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The store is not one that this version may use. Starting over it would lose data, so nothing starts. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
}
