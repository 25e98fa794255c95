import { valueAt, digitsAt, listAt, textAt, timeAt } from '../lib/value.ts'

/* What the value of an `account_update` says, beside whose account it is. Source: Meta's page of that name. */

export interface ReportedRestriction {
  readonly type: string
  readonly expiresAt: number | null
  readonly remediation: string | null
}

export function restrictionsOf(value: unknown): readonly ReportedRestriction[] {
  return listAt(value, 'restriction_info').flatMap((row) => {
    const type = textAt(row, 'restriction_type')
    const more = { expiresAt: timeAt(row, 'expiration'), remediation: textAt(row, 'remediation') }
    return type === null ? [] : [{ type, ...more }]
  })
}

export const restrictionStages = ['WARNED', 'RESTRICTED', 'LIFTED'] as const
export type RestrictionStage = (typeof restrictionStages)[number]

/**
 * An ACCOUNT_RESTRICTION need not be one: "Integrity and content guidelines" of Direct Send warns and lifts with the same
 * event, and tells them apart by the kind of violation.
 */
export function restrictionStageOf(event: string | null, value: unknown): RestrictionStage | null {
  if (event !== 'ACCOUNT_RESTRICTION') return null
  if (restrictionsOf(value).length > 0) return 'RESTRICTED'
  const violation = textAt(value, 'violation_info', 'violation_type')
  if (violation === null) return 'RESTRICTED'
  if (/_(?:UNBAN|RECOVERY)$/.test(violation)) return 'LIFTED'
  return /_WARN$|_TEMPLATE_ABUSE$/.test(violation) ? 'WARNED' : 'RESTRICTED'
}

export interface Violation {
  readonly type: string
  readonly remediation: string | null
}

export function violationOf(value: unknown): Violation | null {
  const type = textAt(value, 'violation_info', 'violation_type')
  return type === null ? null : { type, remediation: textAt(value, 'violation_info', 'remediation') }
}

export interface Ban {
  readonly state: string | null
  readonly date: string | null
  readonly reportedDate: string | null
}

export function banOf(value: unknown): Ban | null {
  if (!valueAt(value, 'ban_info')) return null
  const reportedDate = textAt(value, 'ban_info', 'waba_ban_date')
  const date = reportedDate === null ? null : dateIn(reportedDate)
  return { state: banStateOf(value), date, reportedDate }
}

/** An older guide prints it as a list. */
export const banStateOf = (value: unknown): string | null =>
  textAt(value, 'ban_info', 'waba_ban_state') ??
  listAt(value, 'ban_info', 'waba_ban_state').find((state) => typeof state === 'string') ??
  null

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The page prints English prose, "April 17, 2025"; other fields of Meta's have Unix seconds. */
function dateIn(text: string): string | null {
  if (/^[0-9]+$/.test(text)) return new Date(Number(text) * 1000).toISOString().slice(0, 10)
  const [, name = '', day = '', year = ''] = /^([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})$/.exec(text) ?? []
  const month = String(months.indexOf(name.slice(0, 3)) + 1).padStart(2, '0')
  const iso = year === '' ? text : `${year}-${month}-${day.padStart(2, '0')}`
  const time = Date.parse(`${iso}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : null
}

export interface Disconnection {
  readonly reason: string | null
  readonly initiatedBy: string | null
}

/** Why a number that is used in the WhatsApp Business app as well left. */
export function disconnectionOf(value: unknown): Disconnection | null {
  if (!valueAt(value, 'disconnection_info')) return null
  return {
    reason: textAt(value, 'disconnection_info', 'reason'),
    initiatedBy: textAt(value, 'disconnection_info', 'initiated_by'),
  }
}

export const displayPhoneNumberOf = (value: unknown): string | null => digitsAt(value, 'phone_number')

/** In the hosted signup the partner gives it, and it comes back beside `waba_info`. */
export const trackingCodeOf = (value: unknown): string | null =>
  textAt(value, 'sessionInfo', 'trackingCode') ??
  textAt(value, 'session_info', 'tracking_code') ??
  textAt(value, 'session_info', 'trackingCode')

export interface Certification {
  readonly status: string | null
  readonly rejectionReasons: readonly string[]
}

/** Reasons are spelled with spaces on one page and with underscores on another; NONE is none. */
export function certificationOf(value: unknown): Certification | null {
  const info = valueAt(value, 'partner_client_certification_info')
  if (!info) return null
  const reasons = listAt(info, 'rejection_reasons').filter((reason) => typeof reason === 'string')
  const spelled = reasons.map((reason) => reason.replaceAll(' ', '_'))
  return { status: textAt(info, 'status'), rejectionReasons: spelled.filter((reason) => reason !== 'NONE') }
}

export interface CountryStart {
  readonly country: string
  readonly startsAt: number | null
}

export interface InternationalRates {
  readonly startsAt: number | null
  readonly exceptions: readonly CountryStart[]
}

/** From when messages of authentication are charged at international rates. */
export function internationalRatesOf(value: unknown): InternationalRates | null {
  const info = valueAt(value, 'auth_international_rate_eligibility')
  if (!info) return null
  const exceptions = listAt(info, 'exception_countries').flatMap((row) => {
    const country = textAt(row, 'country_code')
    return country === null ? [] : [{ country, startsAt: timeAt(row, 'start_time') }]
  })
  return { startsAt: timeAt(info, 'start_time'), exceptions }
}

export const primaryCountryOf = (value: unknown): string | null => textAt(value, 'country')

export interface VolumeTier {
  readonly updatedAt: number | null
  readonly category: string | null
  readonly tier: string | null
  readonly effectiveMonth: string | null
  readonly region: string | null
}

export function volumeTierOf(value: unknown): VolumeTier | null {
  const info = valueAt(value, 'volume_tier_info')
  if (!info) return null
  return {
    updatedAt: timeAt(info, 'tier_update_time'),
    category: textAt(info, 'pricing_category'),
    tier: textAt(info, 'tier'),
    effectiveMonth: textAt(info, 'effective_month'),
    region: textAt(info, 'region'),
  }
}

export const adAccountIdOf = (value: unknown): string | null =>
  textAt(value, 'waba_info', 'ad_account_linked') ?? textAt(value, 'waba_info', 'ad_account_id')
