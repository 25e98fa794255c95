/** What is known of a write that was asked for under an idempotency key. */
export type WriteState =
  | 'pending'
  | 'done'
  | 'refused'
  | 'unknown'
  /** Its key is free again, and it is kept under a name of its own until its events are published. */
  | 'gone'

export interface WriteId {
  readonly appId: string
  readonly verb: string
  readonly key: string
}

export interface WriteRecord {
  readonly state: WriteState
  /** Digest of the input that the key was first used with. */
  readonly input: string
  /** JSON; null while there is none. */
  readonly outcome: string | null
  readonly startedAt: number
}

/** A write whose events are not known to be in the log. */
export interface Unpublished {
  readonly id: WriteId
  readonly startedAt: number
  /** Its events, as JSON. */
  readonly events: string
}

/**
 * Remembers writes by key, durably, before they are sent. When a write was begun is its fencing token: who was
 * paused for so long that another has begun it anew changes nothing any more.
 */
export interface WriteStore {
  /** Stores a pending write, unless the key is known: then the record that stands. */
  begin(id: WriteId, input: string, startedAt: number): Promise<WriteRecord | null>
  get(id: WriteId): Promise<WriteRecord | null>
  /** False when the write that began then is no longer on record. `unpublished` are its events, as JSON. */
  settle(
    id: WriteId,
    startedAt: number,
    state: Exclude<WriteState, 'gone'>,
    outcome: string | null,
    unpublished?: string | null,
  ): Promise<boolean>
  /** The key is free again. */
  forget(id: WriteId, startedAt: number): Promise<void>
  /** The key is free again, unless what is known before sending has been stored since: then it may have been sent. */
  forgetUnsent(id: WriteId, startedAt: number): Promise<void>
  /** The key is free again, and its events stay under the name that it gives. */
  leave(id: WriteId, startedAt: number, unpublished: string): Promise<WriteId>
  /** Writes that began before a time and have events to publish, oldest first. */
  unpublished(before: number, limit: number): Promise<readonly Unpublished[]>
  /** Its events are in the log. */
  markPublished(id: WriteId, startedAt: number): Promise<void>
  /** Deletes writes that have ended and began before a time, at most so many, and says how many. Open ones stay. */
  deleteEndedBefore(time: number, limit: number): Promise<number>
}
