import type { EventKind } from '../events/event.ts'
import { accountEvent } from './account-events.ts'
import type { Change } from './envelope.ts'
import { idOf, isObject, member, nameOf } from './record.ts'
import type { JsonObject } from './record.ts'

export interface ClassifiedChange {
  readonly kind: EventKind
  readonly event: string | null
  readonly wabaId: string | null
  readonly solutionId: string | null
  readonly ownerBusinessId: string | null
  readonly partnerAppId: string | null
  /** The solution's status as the webhook words it: a hint, since the solution node has another list of values. */
  readonly reportedStatus: string | null
  /** The App Dashboard's test button, or an example with its entry id: about nobody's account. */
  readonly isTest: boolean
  /** Everything else that was sent with it; null when there is nothing else. */
  readonly details: JsonObject | null
}

export function classify(change: Change, object: string | null): ClassifiedChange {
  const { value } = change
  if (object !== whatsapp || !isObject(value)) return other(value, false)
  // The dashboard's test button sends entry id "0"; so do the examples of "Call settings".
  if (change.entryId === '0') return other(value, true)
  if (change.field === 'account_update') return classifyAccountUpdate(value, change.entryId)
  if (change.field === 'partner_solutions') return classifySolution(value)
  return other(value, false)
}

/** The one webhook object of the fields this gateway reads. */
export const whatsapp = 'whatsapp_business_account'

/** The two events of Meta's page "partner_solutions", whose names are also kinds. */
export const isKnownSolutionEvent = (
  event: string | null,
): event is 'SOLUTION_CREATED' | 'SOLUTION_UPDATED' =>
  event === 'SOLUTION_CREATED' || event === 'SOLUTION_UPDATED'

// The entry id is a business portfolio here, and no account is concerned (Meta's page "partner_solutions").
function classifySolution(value: JsonObject): ClassifiedChange {
  const event = nameOf(member(value, 'event'))
  const solutionId = idOf(member(value, 'solution_id'))
  return {
    ...other(value, false),
    kind: solutionKind(event, solutionId),
    event,
    solutionId,
    reportedStatus: nameOf(member(value, 'solution_status')),
    details: without(value, ['event', 'solution_id', 'solution_status']),
  }
}

// Without the solution's id there is nothing to tell about a solution. A new event's id still says which changed.
function solutionKind(event: string | null, solutionId: string | null): EventKind {
  return solutionId !== null && isKnownSolutionEvent(event) ? event : 'OTHER'
}

function classifyAccountUpdate(value: JsonObject, entryId: string | null): ClassifiedChange {
  const event = nameOf(member(value, 'event'))
  if (event === null) return other(value, false)
  const info = member(value, 'waba_info')
  const { kind, entry } = accountEvent(event)
  const entryIsWaba = entry === 'waba' || isCoexistenceRemoval(event, value)
  const wabaId = idOf(member(info, 'waba_id')) ?? (entryIsWaba ? idOf(entryId) : null)
  return {
    kind: kind ?? (wabaId === null ? 'OTHER' : 'CLIENT_WABA_UPDATED'),
    event,
    wabaId,
    solutionId: idOf(member(info, 'solution_id')),
    ownerBusinessId: idOf(member(info, 'owner_business_id')) ?? clientBusiness(value),
    partnerAppId: idOf(member(info, 'partner_app_id')),
    reportedStatus: null,
    isTest: false,
    details: accountDetails(value),
  }
}

// "Onboarding business app users" prints PARTNER_REMOVED with the account as entry id and a phone number in place
// of waba_info; "account_update" prints it with the portfolio and waba_info. Both are taken.
function isCoexistenceRemoval(event: string, value: JsonObject): boolean {
  if (event !== 'PARTNER_REMOVED' || member(value, 'waba_info') !== undefined) return false
  return member(value, 'phone_number') !== undefined || member(value, 'disconnection_info') !== undefined
}

// In the two certification events the client's business is named outside waba_info.
function clientBusiness(value: JsonObject): string | null {
  const info =
    member(value, 'partner_client_certification_info') ??
    member(value, 'partner_client_certification_needed_info')
  return idOf(member(info, 'client_business_id'))
}

function accountDetails(value: JsonObject): JsonObject | null {
  const info = member(value, 'waba_info')
  const rest = without(value, isObject(info) ? ['event', 'waba_info'] : ['event'])
  const infoRest = isObject(info)
    ? without(info, ['waba_id', 'owner_business_id', 'solution_id', 'partner_app_id'])
    : null
  return infoRest === null ? rest : { ...rest, waba_info: infoRest }
}

function without(value: JsonObject, keys: readonly string[]): JsonObject | null {
  const rest = Object.entries(value).filter(([key]) => !keys.includes(key))
  return rest.length === 0 ? null : Object.fromEntries(rest)
}

function other(value: unknown, isTest: boolean): ClassifiedChange {
  return {
    kind: 'OTHER',
    event: nameOf(member(value, 'event')),
    wabaId: null,
    solutionId: null,
    ownerBusinessId: null,
    partnerAppId: null,
    reportedStatus: null,
    isTest,
    details: isObject(value) ? value : null,
  }
}
