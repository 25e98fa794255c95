import type { GraphError } from '../error.ts'
import type { Priority } from '../request.ts'
import type { BudgetStanding } from './budget.ts'
import { secondsLeft } from './cooldown.ts'

export type BudgetVerdict =
  | { readonly go: true; readonly waitMs: number }
  /** `said` is the answer by which Graph itself stopped it. */
  | { readonly go: false; readonly seconds: number; readonly said: GraphError | null }

export interface Wish {
  readonly now: number
  readonly isRead: boolean
  readonly priority: Priority
  /** The longest that a read may be held back. */
  readonly slowestMs: number
}

/** Background work ends here, */
const BACKGROUND = 80
/** reads slow down from here, */
const SLOW = 90
/** and end here, so that this last part remains for changes: for writes, and for what is read for their sake. Graph throttles at 100. */
const READS = 95
const ALL = 100

/** Whether a call may leave now: docs/graph-api/overview/rate-limiting has what the percentages mean. */
export function mayLeaveNow(
  { stop, percent, guess }: BudgetStanding,
  { now, isRead, priority, slowestMs }: Wish,
): BudgetVerdict {
  if (stop) return { go: false, seconds: Math.max(1, secondsLeft(stop, now)), said: stop.error }
  const background = priority === 'background'
  const used = background ? Math.max(percent, guess) : percent
  if (background && used > BACKGROUND) return usedUp(used - BACKGROUND)
  const mayUseAll = !isRead || priority === 'change'
  if (!mayUseAll && used >= READS) return usedUp(used - READS)
  if (used >= ALL) return usedUp(used - ALL)
  const share = mayUseAll ? 0 : (used - SLOW) / (READS - SLOW)
  return { go: true, waitMs: Math.max(0, share) * slowestMs }
}

// A rolling hour gives back 36 seconds' worth for each percent.
function usedUp(percent: number): BudgetVerdict {
  return { go: false, seconds: Math.max(1, Math.min(3600, Math.ceil(percent * 36))), said: null }
}
