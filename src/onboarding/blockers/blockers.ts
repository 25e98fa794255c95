import { inOrder, type Found } from './found.ts'
import type { BlockerFacts } from './facts.ts'
import { fromAccount } from './from-account.ts'
import { fromNumbers } from './from-numbers.ts'
import { fromSteps } from './from-steps.ts'

export interface Blocker extends Found {
  /** When it began, as far as is known: as an event told, else when the customer arrived, else when it was read. */
  readonly since: number
}

/**
 * What keeps the customer from sending, or soon will, the most urgent first; empty when nothing is known to. Of an account
 * that is not shared, nothing but that is told.
 */
export function blockersOf(facts: BlockerFacts): readonly Blocker[] {
  const open = fromSteps(facts)
  const isGone = open.some(({ code }) => code === 'NOT_SHARED')
  const all = isGone ? open : [...open, ...fromAccount(facts), ...fromNumbers(facts)]
  return inOrder(all).map((one) => ({ ...one, since: one.since ?? facts.arrivedAt ?? facts.now }))
}
