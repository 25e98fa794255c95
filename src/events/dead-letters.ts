/** What could not be handled. */
export interface NewDeadLetter {
  readonly appId: string
  readonly receivedAt: number
  readonly reason: string
  /** What of it may be kept, as a post of its own; nothing where nobody can say what it holds. */
  readonly raw: Buffer
  /** Bytes, as it came. */
  readonly size: number
  /** Tells it from others without saying what it holds. */
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
  readonly appId?: string
}

export interface DeadLetters {
  /** All or none. The same of the same app for the same reason is there once, however often they come. */
  add(letters: readonly NewDeadLetter[]): Promise<void>
  /** Oldest first, also those that were handled since. */
  list(page: DeadLetterPage): Promise<readonly DeadLetterSummary[]>
  get(id: number): Promise<DeadLetter | null>
  /** How many of an app wait to be handled. */
  count(appId: string): Promise<number>
  recordRedrive(id: number, redrive: Redrive): Promise<void>
  /** Deletes handled ones that came before a time, and says how many. */
  deleteHandledBefore(time: number, limit: number): Promise<number>
}
