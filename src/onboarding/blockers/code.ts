import type { HelpTopic, Party } from '../../errors/problem.ts'

/** What a code says of itself; where more is known, the blocker says more. */
interface CodeRow {
  /** Whether nothing can be sent while it stands. False for limits, for what is coming, and for what only we miss. */
  readonly blocksSending: boolean
  readonly waitsFor: Party
  readonly help: HelpTopic | null
}

const row = (blocksSending: boolean, waitsFor: Party, help: HelpTopic | null): CodeRow => ({
  blocksSending,
  waitsFor,
  help,
})

/** What can keep a customer from sending, the most urgent first. The codes are stable; docs/blockers.md lists them. */
export const blockerCodes = {
  NOT_SHARED: row(true, 'CUSTOMER', 'solutions'),
  ACCOUNT_DISABLED: row(true, 'CUSTOMER', 'whatsapp-errors'),
  ACCOUNT_RESTRICTED: row(true, 'CUSTOMER', 'whatsapp-errors'),
  ACCOUNT_REJECTED: row(true, 'CUSTOMER', 'whatsapp-errors'),
  NO_BUSINESS_TOKEN: row(true, 'US', 'tokens'),
  CERTIFICATION_NEEDED: row(true, 'US', 'verification'),
  NO_PAYMENT_METHOD: row(true, 'US', 'credit'),
  NO_PHONE_NUMBER: row(true, 'US', 'registration'),
  NUMBER_NOT_VERIFIED: row(true, 'US', 'registration'),
  NUMBER_NOT_REGISTERED: row(true, 'US', 'registration'),
  NUMBER_DISCONNECTED: row(true, 'CUSTOMER', 'coexistence'),
  NUMBER_RESTRICTED: row(true, 'CUSTOMER', 'whatsapp-errors'),
  NAME_REJECTED: row(true, 'CUSTOMER', 'registration'),
  BUSINESS_NOT_VERIFIED: row(false, 'CUSTOMER', 'verification'),
  SENDING_BLOCKED: row(true, 'META', 'whatsapp-errors'),
  NOT_SUBSCRIBED: row(false, 'US', 'webhooks'),
  ACCOUNT_DISABLED_SOON: row(false, 'CUSTOMER', 'whatsapp-errors'),
  REGISTER_AGAIN: row(false, 'US', 'registration'),
  QUALITY_LOW: row(false, 'CUSTOMER', 'whatsapp-errors'),
  ACCOUNT_IN_REVIEW: row(false, 'META', null),
  NAME_IN_REVIEW: row(false, 'META', null),
} as const satisfies Record<string, CodeRow>

export type BlockerCode = keyof typeof blockerCodes

const order = new Map(Object.keys(blockerCodes).map((code, place) => [code, place]))

/** Its place among the codes: the most urgent has the lowest. */
export const placeOf = (code: BlockerCode): number => order.get(code) ?? order.size
