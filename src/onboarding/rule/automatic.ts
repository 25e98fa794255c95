import type { Ctx } from '../../context.ts'
import type { Party } from '../../errors/problem.ts'
import { newestNoteOf, type StoredNote } from './note.ts'
import { looksBackMs, nextTryAt } from './schedule.ts'
import { arrivalOf, stepsOf, type AccountOfApp } from './attempt.ts'
import type { StepKind } from '../checklist/step.ts'
import { actionsSince, stepsTaken } from './taken-over.ts'

export type RuleState = 'PENDING' | 'WAITING' | 'GAVE_UP' | 'DONE' | 'LEFT_ALONE'

/** How far the rule is with an account. */
export interface RuleStatus {
  readonly state: RuleState
  /** What it is still to take. */
  readonly steps: readonly StepKind[]
  readonly waitsFor: Party | null
  readonly reason: string | null
  /** Milliseconds since 1970, like the next one. */
  readonly since: number | null
  readonly nextTryAt: number | null
}

/** Told from the log alone, so that every instance tells the same. Null where there is no rule, or no arrival is known. */
export async function ruleStatusOf(ctx: Ctx, account: AccountOfApp): Promise<RuleStatus | null> {
  const { subscribe, creditCurrency } = ctx.autoOnboard
  const arrival = subscribe ? await arrivalOf(ctx, account) : null
  if (!arrival) return null
  const [note, acts] = await Promise.all([newestNoteOf(ctx, arrival), actionsSince(ctx, arrival)])
  const taken = stepsTaken(arrival, acts)
  if (taken === null) return ended('LEFT_ALONE')
  const credit = creditCurrency && { currency: creditCurrency, creditLineId: null }
  const steps = stepsOf({ credit }).filter((kind) => !taken.has(kind))
  if (steps.length === 0 || note?.state === 'DONE') return ended('DONE')
  if (note) return waits(note, ctx.clock())
  // What came before that, nobody looks back to.
  return ctx.clock() - arrival.receivedAt > looksBackMs ? null : { ...ended('PENDING'), steps }
}

const ended = (state: RuleState): RuleStatus => ({
  state,
  steps: [],
  waitsFor: null,
  reason: null,
  since: null,
  nextTryAt: null,
})

function waits(note: StoredNote, now: number): RuleStatus {
  const { state, hindrances, since } = note
  const [first] = hindrances
  return {
    state,
    steps: [...new Set(hindrances.map(({ kind }) => kind))],
    waitsFor: first?.waitsFor ?? null,
    reason: first?.reason ?? null,
    since,
    nextTryAt: state === 'WAITING' ? nextTryAt(note, now) : null,
  }
}
