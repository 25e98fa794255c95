export const writeOutcomes = ['DONE', 'REFUSED', 'UNKNOWN'] as const

/** What the log keeps of a write, as JSON in its event. */
export interface Audit {
  readonly verb: string
  readonly actingAppId: string
  readonly actor: string
  readonly object: string
  readonly outcome: (typeof writeOutcomes)[number]
  /** Why it was refused; null otherwise. */
  readonly problem: string | null
  readonly graphTraceId: string | null
  /** Graph's codes, of a refusal or of its last word; missing where it gave none, and in what older versions have stored. */
  readonly graphCode?: number
  readonly graphSubcode?: number
  readonly before: unknown
  readonly after: unknown
}

/** The audit in the payload of a GATEWAY event; null when the event is of another making. */
export function readAudit(payload: string): Audit | null {
  const value: unknown = JSON.parse(payload)
  const isAudit = typeof value === 'object' && value !== null && 'actor' in value && 'outcome' in value
  return isAudit ? (value as Audit) : null
}
