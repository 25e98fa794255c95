import type { EventKind } from '../events/kinds.ts'
import { entryIdIsWaba, kindOfAccountEvent } from '../alerts/account-events.ts'
import type { WebhookChange } from './envelope.ts'
import { useOf, whatsappTopic } from './fields.ts'
import { type AllowedValue, applyAllowList } from './allowlist/allowlist.ts'
import { graphId, isObject, type JsonObject, valueAt, metaName } from '../lib/value.ts'

export interface ClassifiedChange {
  readonly kind: EventKind
  /** Meta's own name of the event; of an alert its code. */
  readonly event: string | null
  readonly wabaId: string | null
  readonly solutionId: string | null
  readonly ownerBusinessId: string | null
  readonly partnerAppId: string | null
  /** The status of the solution in the words of the webhook: a hint, since the solution node has another list of values. */
  readonly reportedStatus: string | null
  /** True for the App Dashboard's test button and for examples with its entry id: they are about no account. */
  readonly isTest: boolean
  readonly allowed: AllowedValue
}

type ChangeSubject = Omit<ClassifiedChange, 'allowed'>

/** What a change is about, read only from what may be stored of it. */
export function classify(change: WebhookChange, object: string | null): ClassifiedChange {
  const allowed = applyAllowList(change, object)
  return { ...aboutOf(change, object, allowed.value), allowed }
}

function aboutOf(
  { field, entryId, value }: WebhookChange,
  object: string | null,
  allowed: JsonObject,
): ChangeSubject {
  // Entries of another object are not accounts.
  if (object !== whatsappTopic || !isObject(value)) return other(allowed, false)
  // The dashboard's test button sends entry id "0"; so do the examples of "Call settings".
  if (entryId === '0') return other(allowed, true)
  if (field === 'account_update') return aboutAccount(allowed, entryId)
  if (field === 'partner_solutions') return aboutSolution(allowed)
  return useOf(field) === 'alert' ? aboutAlert(field, allowed, entryId) : other(allowed, false)
}

/** The two events of Meta's page "partner_solutions", whose names are also kinds. */
export const isKnownSolutionEvent = (
  event: string | null,
): event is 'SOLUTION_CREATED' | 'SOLUTION_UPDATED' =>
  event === 'SOLUTION_CREATED' || event === 'SOLUTION_UPDATED'

// The entry id is a business portfolio here, and no account is concerned (Meta's page "partner_solutions").
function aboutSolution(value: JsonObject): ChangeSubject {
  const event = metaName(valueAt(value, 'event'))
  const solutionId = graphId(valueAt(value, 'solution_id'))
  return {
    ...other(value, false),
    kind: solutionKind(event, solutionId),
    solutionId,
    reportedStatus: metaName(valueAt(value, 'solution_status')),
  }
}

// Without its id an event is about no solution. An unknown event with an id still says which solution changed.
function solutionKind(event: string | null, solutionId: string | null): EventKind {
  return solutionId !== null && isKnownSolutionEvent(event) ? event : 'OTHER'
}

function aboutAccount(value: JsonObject, entryId: string | null): ChangeSubject {
  const event = metaName(valueAt(value, 'event'))
  if (event === null) return other(value, false)
  const info = valueAt(value, 'waba_info')
  const entryIsWaba = entryIdIsWaba(event) || isCoexistenceRemoval(event, value)
  const wabaId = graphId(valueAt(info, 'waba_id')) ?? (entryIsWaba ? graphId(entryId) : null)
  return {
    ...other(value, false),
    kind: kindOfAccountEvent(event, value, wabaId),
    wabaId,
    solutionId: graphId(valueAt(info, 'solution_id')),
    ownerBusinessId: graphId(valueAt(info, 'owner_business_id')) ?? clientBusiness(value),
    partnerAppId: graphId(valueAt(info, 'partner_app_id')),
  }
}

// "Onboarding business app users" prints PARTNER_REMOVED with the account as entry id and a phone number in place
// of waba_info; "account_update" prints it with the portfolio and waba_info. Both are taken.
function isCoexistenceRemoval(event: string, value: JsonObject): boolean {
  if (event !== 'PARTNER_REMOVED' || valueAt(value, 'waba_info') !== undefined) return false
  return valueAt(value, 'phone_number') !== undefined || valueAt(value, 'disconnection_info') !== undefined
}

// In the two certification events the client's business is named outside waba_info.
function clientBusiness(value: JsonObject): string | null {
  const info =
    valueAt(value, 'partner_client_certification_info') ??
    valueAt(value, 'partner_client_certification_needed_info')
  return graphId(valueAt(info, 'client_business_id'))
}

function aboutAlert(field: string, value: JsonObject, entryId: string | null): ChangeSubject {
  const event = alertCode(field, value)
  return { ...other(value, false), kind: 'ACCOUNT_ALERT', event, wabaId: graphId(entryId) }
}

function other(value: JsonObject, isTest: boolean): ChangeSubject {
  return {
    kind: 'OTHER',
    event: metaName(valueAt(value, 'event')),
    wabaId: null,
    solutionId: null,
    ownerBusinessId: null,
    partnerAppId: null,
    reportedStatus: null,
    isTest,
  }
}

/** The member that holds the code of an alert, by field. Other fields have none. */
const codeKeys: ReadonlyMap<string, string> = new Map([
  ['account_review_update', 'decision'],
  ['account_settings_update', 'type'],
  ['message_template_quality_update', 'new_quality_score'],
  ['message_template_status_update', 'event'],
  ['payment_configuration_update', 'status'],
  ['phone_number_name_update', 'decision'],
  ['phone_number_quality_update', 'event'],
  ['security', 'event'],
  ['template_category_update', 'new_category'],
  ['template_correct_category_detection', 'correct_category'],
])

export function alertCode(field: string, value: JsonObject): string | null {
  // Documented within `alert_info`; the App Dashboard's test button sends it beside the entity.
  if (field === 'account_alerts')
    return metaName(valueAt(valueAt(value, 'alert_info'), 'alert_type') ?? valueAt(value, 'alert_type'))
  const key = codeKeys.get(field)
  return key === undefined ? null : metaName(valueAt(value, key))
}
