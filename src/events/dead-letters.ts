/** What could not be handled, as it came. */
export interface NewDeadLetter {
  readonly appId: string
  readonly receivedAt: number
  readonly reason: string
  readonly raw: Buffer
}

export interface DeadLetterSummary extends Omit<NewDeadLetter, 'raw'> {
  readonly id: number
  /** Length of the raw bytes. */
  readonly size: number
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
  /** All or none. The same bytes of the same app for the same reason are there once, however often they come. */
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
