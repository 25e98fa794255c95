import type { HelpTopic, Party } from '../../errors/problem.ts'
import type { HealthStatus } from '../../graph/shapes.ts'
import type { Step } from '../checklist/step.ts'
import type { AccountReports } from './reports.ts'

/** The defaults of a code. A blocker may say more. */
interface CodeRow {
  /**
   * True when nothing can be sent while it stands. False for limits, for what is announced, and for what only this gateway
   * lacks.
   */
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

/** Something that keeps a customer from sending, or soon will. */
export interface BlockerFinding {
  readonly code: BlockerCode
  /** For a person to read. */
  readonly message: string
  /** Milliseconds since 1970; null when not known. */
  readonly since: number | null
  readonly waitsFor: Party
  readonly blocksSending: boolean
  /** The mutation that removes it, when the app may use one. */
  readonly action: string | null
  readonly help: HelpTopic | null
}

type Said = { readonly message: string } & Partial<Omit<BlockerFinding, 'code' | 'message'>>

export function found(
  code: BlockerCode,
  { waitsFor, since = null, action = null, ...said }: Said,
): BlockerFinding {
  const row = blockerCodes[code]
  return { code, since, action, ...row, ...said, waitsFor: waitsFor ?? row.waitsFor }
}

/**
 * One blocker for each code: one that blocks sending before one that does not, the older before the newer. Sorted by
 * whether they block sending, then by urgency.
 */
export function inOrder(all: readonly BlockerFinding[]): readonly BlockerFinding[] {
  const byCode = Map.groupBy(all, ({ code }) => code)
  const each = [...byCode.values()].flatMap((same) => same.toSorted(byWeight)[0] ?? [])
  return each.toSorted(
    (a, b) => Number(b.blocksSending) - Number(a.blocksSending) || placeOf(a.code) - placeOf(b.code),
  )
}

const byWeight = (a: BlockerFinding, b: BlockerFinding): number =>
  Number(b.blocksSending) - Number(a.blocksSending) || (a.since ?? Infinity) - (b.since ?? Infinity)

// Graph may be behind a webhook of a moment ago. And what ends without a webhook is shown by Graph alone.
const believedMs = 24 * 60 * 60_000

/** Whether a webhook still counts although Graph does not show what it says. */
export const isStillTrusted = (toldAt: number, now: number): boolean => now - toldAt < believedMs

/** A number as Graph shows it. */
export interface NumberFacts {
  readonly id: string
  readonly displayNumber: string | null
  readonly status: string | null
  readonly verification: string | null
  readonly nameStatus: string | null
  readonly newNameStatus: string | null
  readonly quality: string | null
  readonly inApp: boolean | null
  readonly health: HealthStatus | null
}

/** An account as Graph shows it; null for what Graph does not show. */
export interface AccountFacts {
  readonly status: string | null
  readonly reviewStatus: string | null
  readonly verificationStatus: string | null
  readonly health: HealthStatus | null
}

/** The facts from which blockers are derived. Deriving them reads nothing. */
export interface BlockerFacts {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly arrivedAt: number | null
  /** Whether the app's business has a credit line, and so shares credit and verifies customers; null when not known. */
  readonly isSolutionPartner: boolean | null
  /** Whether the account came through a solution. */
  readonly cameThroughSolution: boolean
  readonly steps: readonly Pick<Step, 'kind' | 'state' | 'reason' | 'waitsFor' | 'since'>[]
  /** Null when the account could not be read. */
  readonly account: AccountFacts | null
  /** Null when its numbers could not be read. */
  readonly numbers: readonly NumberFacts[] | null
  readonly told: AccountReports
}
