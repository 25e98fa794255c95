import type { Party } from '../errors/problem.ts'
import type { HealthEntity, HealthStatus } from '../graph/shapes.ts'

/** Keys that are not known here, as sent; null when there are none. */
type Others = Readonly<Record<string, unknown>> | null

/** `health_status` of a node as it is shown: what cannot be read is left out, and what is not known passes. */
export interface Health {
  readonly canSendMessage: string | null
  readonly entities: readonly EntityHealth[]
  readonly other: Others
}

export interface EntityHealth {
  readonly entityType: string | null
  readonly entityId: string | null
  readonly canSendMessage: string | null
  readonly errors: readonly HealthError[]
  readonly additionalInfo: readonly string[]
  readonly other: Others
}

export interface HealthError {
  readonly code: number | null
  readonly description: string | null
  readonly possibleSolution: string | null
  /** META for a code that is not known; null when it is nobody's turn. */
  readonly waitsFor: Party | null
  /** False for what concerns calls alone. */
  readonly concernsMessaging: boolean
  readonly other: Others
}

interface Meaning {
  /** `PAYER`: whoever pays for the account, which the code alone does not tell. */
  readonly waitsFor: Party | 'PAYER' | null
  readonly concernsMessaging?: false
}

const paymentCode = 141006

// Sources: [page] Meta's page "Messaging health status"; [seen] live answers that others have published; [codes] its page
// "Error codes".
const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  // [page] A template that is not approved: the turn of whoever wrote it.
  [141002, { waitsFor: null }],
  // [seen] The payment method of the account.
  [paymentCode, { waitsFor: 'PAYER' }],
  // [seen] The portfolio is not verified.
  [141010, { waitsFor: 'CUSTOMER' }],
  // [seen] Once, on BUSINESS: its profile is not complete. As the error of a call this number means something else.
  [131000, { waitsFor: 'CUSTOMER' }],
  // [page] Calls by SIP are off for the number; the app has no SIP server.
  [138024, { waitsFor: null, concernsMessaging: false }],
  [138025, { waitsFor: null, concernsMessaging: false }],
  // [codes] The number is not registered; the account is locked or restricted.
  [133010, { waitsFor: 'US' }],
  [131045, { waitsFor: 'US' }],
  [131031, { waitsFor: 'CUSTOMER' }],
  [368, { waitsFor: 'CUSTOMER' }],
])

// Only Meta knows what it means: its text is all there is.
const unknown: Meaning = { waitsFor: 'META' }

/** `payer`: whose turn it is when the payment method is to blame. */
export function healthOf(status: HealthStatus, payer: Party | null): Health {
  const { can_send_message: canSendMessage, entities, ...others } = status
  return {
    canSendMessage: canSendMessage ?? null,
    entities: present(entities).map((entity) => entityOf(entity, payer)),
    other: unlessEmpty(others),
  }
}

function entityOf(entity: HealthEntity, payer: Party | null): EntityHealth {
  const { entity_type, id, can_send_message, errors, additional_info, ...others } = entity
  return {
    entityType: entity_type ?? null,
    entityId: id ?? null,
    canSendMessage: can_send_message ?? null,
    errors: present(errors).map((error) => errorOf(error, payer)),
    additionalInfo: present(additional_info),
    other: unlessEmpty(others),
  }
}

function errorOf(error: SentError, payer: Party | null): HealthError {
  const { error_code, error_description, possible_solution, ...others } = error
  const code = codeOf(error)
  const { waitsFor, concernsMessaging = true } = meanings.get(code ?? -1) ?? unknown
  return {
    code,
    description: error_description ?? null,
    possibleSolution: possible_solution ?? null,
    waitsFor: waitsFor === 'PAYER' ? payer : waitsFor,
    concernsMessaging,
    // A code that is no number is no less worth knowing.
    other: unlessEmpty(code === null && error_code != null ? { ...others, error_code } : others),
  }
}

/** The account whose payment method is to blame; null when none is. */
export function accountToPay({ entities }: HealthStatus): string | null {
  const unpaid = present(entities).find(
    ({ entity_type, errors }) =>
      entity_type === 'WABA' && present(errors).some((error) => codeOf(error) === paymentCode),
  )
  return unpaid?.id ?? null
}

type SentError = NonNullable<NonNullable<HealthEntity['errors']>[number]>

function codeOf({ error_code: code }: SentError): number | null {
  return /^\d{1,9}$/.test(code ?? '') ? Number(code) : null
}

function present<T>(list: readonly (T | null)[] | null | undefined): readonly T[] {
  return (list ?? []).filter((item) => item !== null)
}

const unlessEmpty = (others: Readonly<Record<string, unknown>>): Others =>
  Object.keys(others).length > 0 ? others : null
