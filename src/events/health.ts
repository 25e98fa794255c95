/** How an app's webhooks come in. Events of one post count each for itself. */
export interface WebhookHealth {
  /** Milliseconds since 1970; null when nothing ever came. */
  readonly lastReceivedAt: number | null
  /** New ones and repeats. */
  readonly receivedLastHour: number
  readonly duplicatesLastHour: number
  /** That wait to be handled. */
  readonly deadLetters: number
}
