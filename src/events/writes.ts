/** What is known of a write that was asked for under an idempotency key. */
export type WriteState = 'pending' | 'done' | 'refused' | 'unknown'

export interface WriteId {
  readonly appId: string
  readonly verb: string
  readonly key: string
}

export interface WriteRecord {
  readonly state: WriteState
  /** The input that the key was first used with, as stable JSON. */
  readonly input: string
  /** JSON; null while there is none. */
  readonly outcome: string | null
  readonly startedAt: number
}

/**
 * Remembers writes by key, durably, before they are sent. When a write was begun is its fencing token: who was
 * paused for so long that another has begun it anew changes nothing any more.
 */
export interface WriteStore {
  /** Stores a pending write, unless the key is known: then the record that stands. */
  begin(id: WriteId, input: string, startedAt: number): Promise<WriteRecord | null>
  /** False when the write that began then is no longer on record. */
  settle(id: WriteId, startedAt: number, state: WriteState, outcome: string | null): Promise<boolean>
  /** The key is free again. */
  forget(id: WriteId, startedAt: number): Promise<void>
  /** Deletes writes that have ended and began before a time, at most so many, and says how many. Open ones stay. */
  deleteEndedBefore(time: number, limit: number): Promise<number>
}
