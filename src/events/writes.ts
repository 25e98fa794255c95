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

/** Remembers writes by key, durably, before they are sent. */
export interface WriteStore {
  /** Stores a pending write, unless the key is known: then the record that stands. */
  begin(id: WriteId, input: string, startedAt: number): Promise<WriteRecord | null>
  settle(id: WriteId, state: WriteState, outcome: string | null): Promise<void>
  /** The write certainly did not happen: the key is free again. */
  forget(id: WriteId): Promise<void>
}
