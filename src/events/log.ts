import type { Cursors } from './cursor.ts'
import type { EventSource, NewEvent, StoredEvent } from './event.ts'
import type { EventKind } from './kinds.ts'

export interface EventFilter {
  /** Only events of these apps: the rights of the caller. An empty list matches nothing. */
  readonly appIds: readonly string[]
  readonly kinds?: readonly EventKind[]
  readonly sources?: readonly EventSource[]
  readonly solutionId?: string
  readonly wabaId?: string
}

export interface LogPage {
  /**
   * The position at which the page begins. It is ahead of the requested one when retention has deleted events between the
   * two.
   */
  readonly from: number
  /** Oldest first. When there are fewer than requested, no more match up to `upTo`. */
  readonly events: readonly StoredEvent[]
  /** The page covers everything up to this position: the next read begins here. */
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
 * The one ordered record of what happened. A read sees whole appends in the order of `seq` and skips nothing. Every call
 * rejects with StoreUnavailable while the store cannot be used.
 */
export interface EventLog {
  /** Names this log in cursors, so that a cursor of another log is refused. */
  readonly id: string
  readonly cursors: Cursors
  /**
   * Resolves when all events of the call are on disk, and rejects when none is. Events with known dedupe keys are passed
   * over. A call with an event that cannot be stored rejects alone, even when it shares a transaction with others.
   */
  append(events: readonly NewEvent[]): Promise<Appended>
  /** A position ahead of the log, as after a restore from a backup, counts as the head. */
  readAfter(seq: number, filter: EventFilter, limit: number): Promise<LogPage>
  /** The newest events that match, oldest first. */
  readBefore(seq: number, filter: EventFilter, limit: number): Promise<readonly StoredEvent[]>
  get(seq: number): Promise<StoredEvent | null>
  /** The newest position; 0 when nothing was ever appended. It stays when retention deletes the event. */
  head(): Promise<number>
  /** The newest position that retention has deleted; 0 when none. A reader before it has missed events. */
  start(): Promise<number>
  /**
   * Deletes events from the beginning of the log that were received before a time: at most `limit`, in a small transaction
   * beside which appends go on. Returns how many; 0 when there is nothing more to delete.
   */
  deleteBefore(time: number, limit: number): Promise<number>
  /** The newest known onboarding of an account, or of any account of a business. */
  onboarding(
    of: { wabaId: string } | { ownerBusinessId: string },
    appIds: readonly string[],
  ): Promise<KnownOnboarding | null>
  /** Which of the businesses had arrived with an account before a position, also when retention has deleted the event. */
  businessesKnownBefore(
    ownerBusinessIds: readonly string[],
    appIds: readonly string[],
    before: number,
  ): Promise<ReadonlySet<string>>
  /** Resolves at the next append, or at once when the signal ends. */
  appended(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** For code that serves many readers at once and checks the rights of each itself. */
export interface WholeReads {
  /** Like `readAfter`, for all apps. */
  readAllAfter(seq: number, limit: number): Promise<LogPage>
}

/** The store can neither be read nor written now (locked, full, gone). The caller may try again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** This version cannot use the store. Starting over in it would lose data, so the gateway does not start. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
  /** Whether the next start of a gateway puts it right: there is no store yet, or an older one. */
  readonly startHelps: boolean

  constructor(message: string, startHelps = false) {
    super(message)
    this.startHelps = startHelps
  }
}
