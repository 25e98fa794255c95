import type { Ctx } from '../../context.ts'
import type { Party } from '../../errors/problem.ts'
import { noteOf, type StoredNote } from './note.ts'
import { looksBackMs, nextTryAt } from './schedule.ts'
import { arrivalOf, stepsOf, type AccountOfApp } from './attempt.ts'
import type { StepKind } from '../checklist/step.ts'
import { actsSince, stepsTaken } from './taken-over.ts'

export type AutomaticState = 'PENDING' | 'WAITING' | 'GAVE_UP' | 'DONE' | 'LEFT_ALONE'

/** How far the rule is with an account. */
export interface Automatic {
  readonly state: AutomaticState
  /** What it is still to take. */
  readonly steps: readonly StepKind[]
  readonly waitsFor: Party | null
  readonly reason: string | null
  /** Milliseconds since 1970, like the next one. */
  readonly since: number | null
  readonly nextTryAt: number | null
}

/** Told from the log alone, so that every instance tells the same. Null where there is no rule, or no arrival is known. */
export async function automaticOf(ctx: Ctx, account: AccountOfApp): Promise<Automatic | null> {
  const { subscribe, creditCurrency } = ctx.autoOnboard
  const arrival = subscribe ? await arrivalOf(ctx, account) : null
  if (!arrival) return null
  const [note, acts] = await Promise.all([noteOf(ctx, arrival), actsSince(ctx, arrival)])
  const taken = stepsTaken(arrival, acts)
  if (taken === null) return ended('LEFT_ALONE')
  const credit = creditCurrency && { currency: creditCurrency, creditLineId: null }
  const steps = stepsOf({ credit }).filter((kind) => !taken.has(kind))
  if (steps.length === 0 || note?.state === 'DONE') return ended('DONE')
  if (note) return waits(note, ctx.clock())
  // What came before that, nobody looks back to.
  return ctx.clock() - arrival.receivedAt > looksBackMs ? null : { ...ended('PENDING'), steps }
}

const ended = (state: AutomaticState): Automatic => ({
  state,
  steps: [],
  waitsFor: null,
  reason: null,
  since: null,
  nextTryAt: null,
})

function waits(note: StoredNote, now: number): Automatic {
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
