/** The state of a write on its record. `gone` frees the key. */
export const writeStates = ['pending', 'done', 'refused', 'unknown', 'gone'] as const
export type WriteState = (typeof writeStates)[number]

export interface WriteId {
  readonly appId: string
  readonly verb: string
  readonly key: string
}

/** One try at a write. */
export interface WriteAttempt {
  /** Its fencing token, which no other try has. */
  readonly token: string
  /** By the store's clock. */
  readonly startedAt: number
}

export interface WriteRecord extends WriteAttempt {
  readonly id: WriteId
  /** `newer` is one that only a newer release knows. */
  readonly state: WriteState | 'newer'
  /** Digest of the input that the key was first used with. */
  readonly input: string
  /** JSON; null while there is none. */
  readonly outcome: string | null
  /** The instance that began it; null when it did not say so. */
  readonly holder: string | null
  /** How long ago it began, by the store's clock, when it was read. */
  readonly ageMs: number
  /** Its events, as JSON, while they are not known to be in the log. */
  readonly unpublished?: string
}

/** A write whose events are not known to be in the log. */
export interface Unpublished {
  readonly id: WriteId
  readonly token: string
  /** Its events, as JSON. */
  readonly events: string
}

/**
 * Stores writes by key before they are sent. Instances share them and have clocks of their own, so every time here is the
 * store's, and what depends on one is decided by the store. Once a write was begun anew, its earlier attempt changes nothing.
 */
export interface WriteStore {
  /**
   * Stores a pending write. When that cannot be, gives the record that stands: the one with this key, or else a pending one
   * of the same verb on the same object. `holder` is the instance that begins it. `isAfterOther`: such a record stood in the
   * way and has ended while this was called, so what was read before may no longer be so.
   */
  begin(
    id: WriteId,
    input: string,
    more?: { readonly object?: string | null; readonly holder?: string | null },
  ): Promise<
    { readonly begun: WriteAttempt; readonly isAfterOther: boolean } | { readonly known: WriteRecord }
  >
  get(id: WriteId): Promise<WriteRecord | null>
  /**
   * Stores what is known of a pending write right before it is sent. False, and nothing is stored, when the attempt is no
   * longer on record or began longer ago than this: then it must not be sent.
   */
  markSending(id: WriteId, token: string, outcome: string, withinMs: number): Promise<boolean>
  /**
   * False when the attempt is no longer on record, or is to be `unknown` or `refused` and has an outcome by now. `unpublished` are its
   * events, as JSON.
   */
  settle(
    id: WriteId,
    token: string,
    state: Exclude<WriteState, 'pending' | 'gone'>,
    outcome: string | null,
    unpublished?: string | null,
  ): Promise<boolean>
  /** Takes back that it is done: what was read back does not show it. */
  reopen(id: WriteId, token: string, outcome: string, unpublished: string): Promise<boolean>
  /** Leaves a pending write open under its key, for whoever looks it up; nothing happens when it has an outcome by now. */
  leaveOpen(id: WriteId, token: string): Promise<void>
  /** Frees the key of a write without an outcome. False when the attempt is no longer on record, or has one. */
  forget(id: WriteId, token: string): Promise<boolean>
  /** Frees the key, unless the state before sending has been stored since: then the write may have been sent. */
  forgetUnsent(id: WriteId, token: string): Promise<void>
  /** Frees the key. The events stay under the id that is returned. */
  leave(id: WriteId, token: string, unpublished: string): Promise<WriteId>
  /** Writes that are older than this and have events to publish, oldest first. */
  unpublished(olderThanMs: number, limit: number): Promise<readonly Unpublished[]>
  /** Marks that the events are in the log. */
  markPublished(id: WriteId, token: string): Promise<void>
  /** Deletes at most `limit` writes that have ended and began before a time, and returns how many. Open ones stay. */
  deleteEndedBefore(time: number, limit: number): Promise<number>
}
