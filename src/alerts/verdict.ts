import type { Party } from '../errors/problem.ts'

/** As Meta's page "account_alerts" has them; of other fields the gateway's own judgement. */
export const severities = ['CRITICAL', 'WARNING', 'INFORMATIONAL'] as const
export type Severity = (typeof severities)[number]

export interface Verdict {
  readonly severity: Severity
  /** Null when nobody has to act, or when it is not known who. */
  readonly waitsFor: Party | null
}

const verdict =
  (severity: Severity) =>
  (waitsFor: Party | null): Verdict => ({ severity, waitsFor })

export const critical = verdict('CRITICAL')
export const warning = verdict('WARNING')
export const fine = verdict('INFORMATIONAL')(null)
/** Nothing is wrong, and somebody has the next step. */
export const next = verdict('INFORMATIONAL')

/** What this release does not know counts as a warning. */
export const unknown = warning(null)
