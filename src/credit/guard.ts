import type { LookUp } from '../writes/write.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { otherCurrency, otherLine, otherPayer } from './problems.ts'

/** What one of our lines shares with the owner of the account. */
export interface ActiveAllocation {
  readonly id: string
  readonly lineId: string
  /** Null when Graph does not say. */
  readonly credentialId: string | null
}

export interface Facts {
  /** What pays for the account; null when that cannot be told. */
  readonly funding: { readonly id: string | null } | null
  /** What the account is invoiced in; null when it is not set, or nobody says. */
  readonly currency: string | null
  readonly active: readonly ActiveAllocation[]
  /** Whether `active` is all that any line of ours shares with the owner, each with its credential. */
  readonly complete: boolean
  /** What the account is on record as having taken, also what was revoked since. */
  readonly taken: readonly Taken[]
}

export interface Taken {
  readonly allocationId: string
  /** Null when nobody said which line it is of. */
  readonly lineId: string | null
}

export interface SharingRequest {
  readonly lineId: string
  /** Null when it is not decided yet. */
  readonly currency: string | null
  /** The customer comes from another Solution Partner. */
  readonly switched: boolean
}

export type SharingVerdict =
  | { readonly refused: Problem }
  /** It is as it is wished: nothing is to be sent. */
  | { readonly already: string }
  | 'share'

/** Whether a line may be shared with an account, as far as it can be known before. What is not known, Graph decides. */
export function judgeSharing(
  { lineId, currency, switched }: SharingRequest,
  facts: Facts,
  now: number,
): SharingVerdict {
  // What pays cannot always be told. Then it counts what is on record, and is shared still.
  const taken = payingAllocation(facts) ?? (facts.funding === null ? heldBy(facts) : undefined)
  if (taken && taken.lineId !== lineId) return { refused: otherLine(taken.lineId) }
  if (taken) {
    const present = facts.currency
    const differs = currency !== null && present !== null && present !== currency
    return differs ? { refused: otherCurrency(present) } : { already: taken.id }
  }
  const takenLineIds = facts.taken.flatMap((one) => one.lineId ?? [])
  const [former] = takenLineIds
  if (former !== undefined && !takenLineIds.includes(lineId)) return { refused: otherLine(former) }
  if (!switched && isPaidByOther(facts)) return { refused: otherPayer }
  const opens = switched ? openAgainAt(now) : null
  return opens === null ? 'share' : { refused: blocked(opens, now) }
}

/**
 * What the facts say of a sharing that was sent: by what pays for the account. An allocation alone says nothing of this
 * account, since others of the business share it; and the old line pays for a customer who switched until the month ends.
 */
export function outcomeOfSharing(
  { lineId, switched }: Pick<SharingRequest, 'lineId' | 'switched'>,
  facts: Facts,
  isCustomerKnown: boolean,
): LookUp {
  const paying = payingAllocation(facts)
  if (paying?.lineId === lineId) return { createdId: paying.id }
  const isTold = facts.funding !== null && !switched
  const isShared = !isCustomerKnown || facts.active.some((one) => one.lineId === lineId)
  return isTold || !isShared ? 'not-made' : 'unknown'
}

/** The allocation that pays for the account; undefined when none of ours is known to. */
export function payingAllocation({ funding, active }: Facts): ActiveAllocation | undefined {
  const id = funding?.id ?? null
  return id === null ? undefined : active.find(({ credentialId }) => credentialId === id)
}

/** What the account is on record as having taken, and is shared still. */
export const heldBy = ({ active, taken }: Pick<Facts, 'active' | 'taken'>): ActiveAllocation | undefined =>
  active.find(({ id }) => taken.some(({ allocationId }) => allocationId === id))

/** An account that once took a line of ours is left out: Graph may go on naming a line that was revoked. */
function isPaidByOther({ funding, complete, taken }: Facts): boolean {
  return funding !== null && funding.id !== null && complete && taken.length === 0
}

function blocked(opens: number, now: number): Problem {
  const message =
    'On the last three days and the first four of a month no line can be shared with a customer who comes from another ' +
    `Solution Partner. It can be from ${new Date(opens).toISOString().slice(0, 10)} on.`
  return {
    ...gatewayProblem('NOT_PERMITTED', message, true, { waitsFor: 'META', help: 'credit' }),
    retryAfterSeconds: Math.ceil((opens - now) / 1000),
  }
}

const day = 86_400_000

/**
 * When a line may be shared with a customer who came from another Solution Partner: null for now, else milliseconds since
 * 1970. Not on the last three days and the first four of a month: "Migrating a WABA from one Solution Partner to
 * another via Embedded Signup", developers.facebook.com/docs/whatsapp/solution-providers/support. The page names no
 * time zone; UTC is a guess.
 */
export function openAgainAt(now: number): number | null {
  const date = new Date(now)
  const [year, month, today] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const days = new Date(Date.UTC(year, month + 1, 1) - day).getUTCDate()
  if (today <= 4) return Date.UTC(year, month, 5)
  return today > days - 3 ? Date.UTC(year, month + 1, 5) : null
}
