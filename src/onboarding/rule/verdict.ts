import { type Party, type Problem, remedyOf } from '../../errors/problem.ts'
import type { Attempted } from '../onboard.ts'
import type { StepKind } from '../checklist/step.ts'

/** What keeps the rule from a step. */
export interface Hindrance {
  readonly kind: StepKind
  readonly waitsFor: Party | null
  readonly reason: string
}

export interface Verdict {
  /** Nothing: there is nothing left for the rule to do. */
  readonly hindrances: readonly Hindrance[]
  /** Whether one of them may pass without anybody changing what the gateway sends. */
  readonly mayPass: boolean
  /** Before this nothing comes of another try; null when nobody said. Milliseconds since 1970. */
  readonly notBefore: number | null
}

/** What a try has come to: each step that is still open waits for something, and is tried again. */
export function judge({ taken, waiting }: Attempted, now: number): Verdict {
  const problems = taken.flatMap(({ kind, problem }) => (problem ? [{ kind, problem }] : []))
  const seconds = problems.flatMap(({ problem }) => problem.retryAfterSeconds ?? [])
  return {
    hindrances: [
      ...waiting.map(({ kind, waitsFor, reason }) => ({ kind, waitsFor, reason: reason ?? '' })),
      ...problems.map(({ kind, problem }) => hindranceIn(kind, problem)),
    ],
    mayPass: waiting.length > 0 || problems.some(({ problem }) => passes(problem)),
    notBefore: seconds.length === 0 ? null : now + Math.max(...seconds) * 1000,
  }
}

const hindranceIn = (kind: StepKind, problem: Problem): Hindrance => ({
  kind,
  waitsFor: remedyOf(problem).waitsFor,
  reason: problem.message,
})

/** A token may come, and what was sent without an answer is looked at again. */
const passes = ({ retryable, code }: Problem): boolean =>
  retryable || code === 'TOKEN_INVALID' || code === 'OUTCOME_UNKNOWN'
