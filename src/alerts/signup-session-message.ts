import { z } from 'zod'
import { parseLossless } from '../lib/json.ts'

export const sessionOutcomes = ['FINISHED', 'CANCELLED', 'ERROR', 'UNKNOWN'] as const

/**
 * What is kept of a message of the dialog: nothing that is not named here. Not the words of an error either, since a
 * browser may hand in anything, and the code says what it was.
 */
export interface SessionFacts {
  readonly outcome: (typeof sessionOutcomes)[number]
  /** As sent, e.g. `FINISH_ONLY_WABA`. */
  readonly event: string
  /** Where the customer left the dialog. */
  readonly step: string | null
  readonly errorCode: string | null
  readonly sessionId: string | null
  /** Milliseconds since 1970. */
  readonly at: number | null
  readonly wabaIds: readonly string[]
  readonly phoneNumberId: string | null
  readonly businessId: string | null
  /** Whether the number stays in the WhatsApp Business app; null where nothing was finished, or nobody knows. */
  readonly coexistence: boolean | null
}

/** Why a message cannot be taken. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage'
}

const messageType = 'WA_EMBEDDED_SIGNUP'

const messageShape = z.looseObject({
  type: z.literal(messageType),
  event: z.string().regex(/^[A-Z][A-Z0-9_]{0,79}$/),
  data: z.looseObject({}).nullish(),
})

/**
 * Reads a message that Embedded Signup has posted to the page (Meta's pages "Implementation", "Errors" and "Onboarding
 * WhatsApp Business app users"), as an object or as its text. New kinds of end and new members are no error, and new
 * members are dropped. Throws BadMessage.
 */
export function readSessionMessage(given: unknown): SessionFacts {
  const message = messageShape.safeParse(typeof given === 'string' ? parsed(given) : given)
  if (!message.success)
    throw new BadMessage(
      `Expected a message of Embedded Signup as it came: {"type":"${messageType}","event":…,"data":{…}}, or its text.`,
    )
  const { event, data } = message.data
  return { event, outcome: outcomeOf(event), ...factsIn(data ?? {}, event) }
}

function parsed(text: string): unknown {
  try {
    return parseLossless(text)
  } catch {
    return null
  }
}

/** Meta has added several ways to finish, and may add more. */
function outcomeOf(event: string): SessionFacts['outcome'] {
  if (event.startsWith('FINISH')) return 'FINISHED'
  if (event === 'CANCEL') return 'CANCELLED'
  return event === 'ERROR' ? 'ERROR' : 'UNKNOWN'
}

type Data = Readonly<Record<string, unknown>>

function factsIn(data: Data, event: string): Omit<SessionFacts, 'event' | 'outcome'> {
  const named = [data['waba_id'], ...listIn(data['waba_ids'])]
  return {
    step: nameIn(data['current_step']),
    // Older samples have `error_id`.
    errorCode: codeIn(data['error_code']) ?? codeIn(data['error_id']),
    sessionId: textIn(data['session_id'], /^[A-Za-z0-9_.:-]{1,128}$/),
    at: timeIn(data['timestamp']),
    wabaIds: [...new Set(named.flatMap((id) => idIn(id) ?? []))],
    phoneNumberId: idIn(data['phone_number_id']),
    businessId: idIn(data['business_id']),
    coexistence: outcomeOf(event) === 'FINISHED' ? isCoexistence(data, event) : null,
  }
}

// The second is read so by public code; a login with the app has the same meaning.
function isCoexistence(data: Data, event: string): boolean | null {
  if (event === 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING' || data['is_wa_login_user'] === true) return true
  const tells = data['waba_id'] != null || listIn(data['waba_ids']).length > 0
  return tells && withoutApp.has(event) ? false : null
}

/** Ends that Meta has named; what a new one means, nobody knows. */
const withoutApp: ReadonlySet<string> = new Set([
  'FINISH',
  'FINISH_ONLY_WABA',
  'FINISH_OBO_MIGRATION',
  'FINISH_GRANT_ONLY_API_ACCESS',
])

const mostAccounts = 50
const listIn = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, mostAccounts) : []

const textIn = (value: unknown, form: RegExp): string | null =>
  typeof value === 'string' && form.test(value) ? value : null

/** An enum of Meta's, too short of digits for a phone number. */
const nameIn = (value: unknown): string | null => textIn(value, /^(?!.*[0-9]{7})[A-Za-z_][A-Za-z0-9_]{0,79}$/)

/** Meta's have seven digits; one that has a name, or one more digit, is taken as well. */
const codeIn = (value: unknown): string | null =>
  textIn(typeof value === 'number' ? String(value) : value, /^[0-9]{1,8}$/) ?? nameIn(value)

/** A number that has lost digits would be another id. */
function idIn(value: unknown): string | null {
  if (value == null) return null
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new BadMessage('An id in the message is a number too large for JSON: send it as a string.')
  return textIn(String(value), /^[0-9]{1,20}$/)
}

const secondsAtMost = 10_000_000_000

/** Unix time, or an ISO date. */
function timeIn(value: unknown): number | null {
  const number = typeof value === 'number' ? value : Number(textIn(value, /^[0-9]{9,13}$/) ?? Number.NaN)
  if (Number.isSafeInteger(number) && number > 0) return number < secondsAtMost ? number * 1000 : number
  const time = Date.parse(textIn(value, /^\d{4}-\d\d-\d\dT[0-9:.]{5,15}(?:Z|[+-]\d\d:?\d\d)$/) ?? '')
  return Number.isNaN(time) ? null : time
}
