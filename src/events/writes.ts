/** The state of a write on its record. */
export type WriteState =
  | 'pending'
  | 'done'
  | 'refused'
  | 'unknown'
  /** Frees the key. */
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
 * Stores writes by key before they are sent. The time at which a write began is its fencing token: once another has begun
 * it anew, the earlier one changes nothing.
 */
export interface WriteStore {
  /** Stores a pending write. When the key is known already, returns the record that stands. */
  begin(id: WriteId, input: string, startedAt: number): Promise<WriteRecord | null>
  get(id: WriteId): Promise<WriteRecord | null>
  /** False when the write that began at this time is no longer on record. `unpublished` are its events, as JSON. */
  settle(
    id: WriteId,
    startedAt: number,
    state: Exclude<WriteState, 'gone'>,
    outcome: string | null,
    unpublished?: string | null,
  ): Promise<boolean>
  /** The key is free again. */
  forget(id: WriteId, startedAt: number): Promise<void>
  /** Frees the key, unless the state before sending has been stored since: then the write may have been sent. */
  forgetUnsent(id: WriteId, startedAt: number): Promise<void>
  /** Frees the key. The events stay under the id that is returned. */
  leave(id: WriteId, startedAt: number, unpublished: string): Promise<WriteId>
  /** Writes that began before a time and have events to publish, oldest first. */
  unpublished(before: number, limit: number): Promise<readonly Unpublished[]>
  /** Marks that the events are in the log. */
  markPublished(id: WriteId, startedAt: number): Promise<void>
  /** Deletes at most `limit` writes that have ended and began before a time, and returns how many. Open ones stay. */
  deleteEndedBefore(time: number, limit: number): Promise<number>
}
