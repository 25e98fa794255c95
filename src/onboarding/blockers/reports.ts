import { certificationOf, displayPhoneNumberOf } from '../../alerts/account-facts.ts'
import { type NameReview, nameReviewOf } from '../../alerts/alert-facts.ts'
import { digitsAt, textAt } from '../../lib/value.ts'
import type { StoredEvent } from '../../events/event.ts'
import { type Restriction, restrictionsTold } from '../../accounts/restrictions.ts'
import { readAudit } from '../../writes/audit.ts'
import { isConnected } from '../../phone-numbers/numbers.ts'

interface At {
  readonly at: number
}

/** What Meta's webhooks say about an account, the newest of each kind, and what this gateway has done about it. */
export interface AccountReports {
  readonly restrictions: readonly Restriction[]
  readonly ban: Restriction | null
  readonly review: (At & { readonly decision: string }) | null
  /** Null unless Meta has asked for a certification; `status` is that of the last attempt since. */
  readonly certification: (At & { readonly status: string | null }) | null
  /** By the digits of the number. */
  readonly names: ReadonlyMap<string, At & NameReview>
  /** Numbers that left the WhatsApp Business app's coexistence, by their digits. */
  readonly disconnected: ReadonlyMap<string, number>
  /** When a number was last registered through this gateway, by its id. */
  readonly registered: ReadonlyMap<string, number>
}

type Draft = {
  -readonly [K in keyof AccountReports]: AccountReports[K] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : AccountReports[K]
}

/** Reads the events of one account, oldest first. */
export function readReports(events: readonly StoredEvent[], now: number): AccountReports {
  const standing = restrictionsTold(events, now)
  const draft: Draft = {
    restrictions: standing.filter((one) => !isBan(one)),
    ban: standing.find(isBan) ?? null,
    review: null,
    certification: null,
    names: new Map(),
    disconnected: new Map(),
    registered: new Map(),
  }
  for (const event of events) learn(draft, event)
  return draft
}

const isBan = ({ type }: Restriction): boolean => type === 'DISABLE' || type === disabledSoon

export const disabledSoon = 'SCHEDULE_FOR_DISABLE'

function learn(draft: Draft, event: StoredEvent): void {
  if (event.source === 'GATEWAY') return learnWrite(draft, event)
  if (event.source !== 'WEBHOOK') return
  const value: unknown = JSON.parse(event.payload)
  if (event.kind === 'ACCOUNT_ALERT') learnAlert(draft, event, value)
  else if (event.field === 'account_update') learnUpdate(draft, event, value)
}

function learnWrite(draft: Draft, { field, payload, occurredAt }: StoredEvent): void {
  if (field !== 'register_phone_number') return
  const audit = readAudit(payload)
  const [, number] = /^phone_number:(\d+)$/.exec(audit?.object ?? '') ?? []
  if (audit?.outcome === 'DONE' && number !== undefined) draft.registered.set(number, occurredAt)
}

function learnAlert(draft: Draft, { field, occurredAt: at }: StoredEvent, value: unknown): void {
  const decision = textAt(value, 'decision')
  if (field === 'account_review_update' && decision !== null) draft.review = { at, decision }
  const name = nameReviewOf(field, value, at)
  const number = digitsAt(value, 'display_phone_number')
  if (name && number !== null) draft.names.set(number, { at, ...name })
}

function learnUpdate(draft: Draft, event: StoredEvent, value: unknown): void {
  const at = event.occurredAt
  switch (event.event) {
    case 'PARTNER_CLIENT_CERTIFICATION_NEEDED':
      draft.certification = { at, status: null }
      return
    case 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE':
      return learnCertification(draft, value)
    case 'VERIFIED_ACCOUNT':
      draft.certification = null
      return
    default:
      return learnNumber(draft, event, value)
  }
}

/** An attempt that was not asked for changes nothing. An approved one ends the request. */
function learnCertification(draft: Draft, value: unknown): void {
  const { status = null } = certificationOf(value) ?? {}
  if (draft.certification === null || status === null) return
  draft.certification = status === 'APPROVED' ? null : { ...draft.certification, status }
}

function learnNumber(draft: Draft, { kind, occurredAt }: StoredEvent, value: unknown): void {
  const number = displayPhoneNumberOf(value)
  if (number === null) return
  if (kind === 'PHONE_NUMBER_DISCONNECTED') draft.disconnected.set(number, occurredAt)
  if (kind === 'PHONE_NUMBER_RECONNECTED') draft.disconnected.delete(number)
}

interface OfNumber {
  readonly id: string
  readonly status?: string | null | undefined
  readonly displayNumber: string | null
}

/**
 * When the customer left with the number through the WhatsApp Business app; null when the customer has not, or when the
 * number was registered here since.
 */
export function leftAppAt(
  number: OfNumber,
  told: Pick<AccountReports, 'disconnected' | 'registered'>,
): number | null {
  const at = told.disconnected.get(number.displayNumber?.replace(/\D/g, '') ?? '')
  if (at === undefined || isConnected(number)) return null
  return (told.registered.get(number.id) ?? 0) > at ? null : at
}

interface NumberRow {
  readonly id: string
  readonly status?: string | null | undefined
  readonly display_phone_number?: string | null | undefined
}

/** The same for a number as Graph sends it. */
export const hasLeftApp = (
  { id, status, display_phone_number: displayNumber }: NumberRow,
  told: Pick<AccountReports, 'disconnected' | 'registered'>,
): boolean => leftAppAt({ id, status, displayNumber: displayNumber ?? null }, told) !== null
