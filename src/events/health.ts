/** How an app's webhooks come in. Changes of one post count each for itself, also those that are not kept. */
export interface WebhookHealth {
  /** Milliseconds since 1970; null when nothing ever came. */
  readonly lastReceivedAt: number | null
  /** New ones and repeats. */
  readonly receivedLastHour: number
  readonly duplicatesLastHour: number
  /** That wait to be handled. */
  readonly deadLetters: number
  /** Fields that Graph was last seen not to send; null when nobody has looked. */
  readonly missingFields: readonly string[] | null
}
