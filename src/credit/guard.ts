import { gatewayProblem, type Problem } from '../errors.ts'
import { openAgainAt } from './blocked-days.ts'
import { otherCurrency, otherLine } from './problems.ts'

/** What one of our lines shares with the owner of the account. */
export interface ActiveAllocation {
  readonly id: string
  readonly lineId: string
  /** Null when Graph does not say. */
  readonly credentialId: string | null
}

export interface Facts {
  /** What pays for the account; null when that cannot be told. */
  readonly funding: { readonly id: string | null; readonly currency: string | null } | null
  readonly active: readonly ActiveAllocation[]
  /** Lines that the account is known to have taken, also before they were revoked. */
  readonly takenLineIds: readonly string[]
}

export interface Wish {
  readonly lineId: string
  /** Null when it is not decided yet. */
  readonly currency: string | null
  /** The customer comes from another Solution Partner. */
  readonly switched: boolean
}

export type Verdict =
  | { readonly refused: Problem }
  /** It is as it is wished: nothing is to be sent. */
  | { readonly already: string }
  | 'share'

/** Whether a line may be shared with an account, as far as it can be known before. What is not known, Graph decides. */
export function judgeSharing({ lineId, currency, switched }: Wish, facts: Facts, now: number): Verdict {
  const paying = payerOf(facts)
  if (paying && paying.lineId !== lineId) return { refused: otherLine(paying.lineId) }
  if (paying) {
    const present = facts.funding?.currency ?? null
    const differs = currency !== null && present !== null && present !== currency
    return differs ? { refused: otherCurrency(present) } : { already: paying.id }
  }
  const [taken] = facts.takenLineIds
  if (taken !== undefined && !facts.takenLineIds.includes(lineId)) return { refused: otherLine(taken) }
  const opens = switched ? openAgainAt(now) : null
  return opens === null ? 'share' : { refused: blocked(opens, now) }
}

/** The allocation that pays for the account; undefined when none of ours is known to. */
export function payerOf({ funding, active }: Facts): ActiveAllocation | undefined {
  const id = funding?.id ?? null
  return id === null ? undefined : active.find(({ credentialId }) => credentialId === id)
}

function blocked(opens: number, now: number): Problem {
  const message =
    'On the last three days and the first four of a month no line can be shared with a customer who comes from another ' +
    `Solution Partner. It can be from ${new Date(opens).toISOString().slice(0, 10)} on.`
  return {
    ...gatewayProblem('NOT_PERMITTED', message, true),
    retryAfterSeconds: Math.ceil((opens - now) / 1000),
  }
}
