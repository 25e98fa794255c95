/** A change or a piece of a post that could not be read or handled. */
export interface NewDeadLetter {
  readonly appId: string
  readonly receivedAt: number
  readonly reason: string
  /** What may be stored of it, as a post of its own. Empty when nobody knows what it holds. */
  readonly raw: Buffer
  /** Bytes of what was sent. */
  readonly size: number
  /** Distinguishes it from other letters without saying what it holds. */
  readonly fingerprint: string
}

export interface DeadLetterSummary extends Omit<NewDeadLetter, 'raw' | 'fingerprint'> {
  readonly id: number
  /** A re-drive has succeeded. */
  readonly handled: boolean
}

export interface DeadLetter extends DeadLetterSummary {
  readonly raw: Buffer
  /** Oldest first. */
  readonly redrives: readonly Redrive[]
}

export interface Redrive {
  readonly at: number
  readonly handled: boolean
  /** Why it failed again, or null. */
  readonly detail: string | null
}

export interface DeadLetterPage {
  readonly limit: number
  /** The last id of the page before. */
  readonly after?: number
  /** Only those that one of these apps was sent. */
  readonly appIds?: readonly string[]
  /** Only those that wait, or only those that are settled. */
  readonly handled?: boolean
}

export interface DeadLetters {
  /** Stores all of the letters or none. A letter with the same app, reason and fingerprint is stored once. */
  add(letters: readonly NewDeadLetter[]): Promise<void>
  /** Oldest first, handled ones included. */
  list(page: DeadLetterPage): Promise<readonly DeadLetterSummary[]>
  get(id: number): Promise<DeadLetter | null>
  /** How many letters of an app have not been handled. */
  count(appId: string): Promise<number>
  recordRedrive(id: number, redrive: Redrive): Promise<void>
  /** Deletes handled letters that were received before a time, and returns how many. */
  deleteHandledBefore(time: number, limit: number): Promise<number>
}
