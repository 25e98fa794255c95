import { type Party, type Problem, remedyOf } from '../../errors/problem.ts'
import type { OnboardingOutcome } from '../onboard.ts'
import type { StepKind } from '../checklist/step.ts'

/** What keeps the rule from a step. */
export interface Hindrance {
  readonly kind: StepKind
  readonly waitsFor: Party | null
  readonly reason: string
}

export interface AttemptOutcome {
  /** Empty when nothing is left for the rule to do. */
  readonly hindrances: readonly Hindrance[]
  /** Whether one of them may pass without a change of what the gateway sends. */
  readonly mayPass: boolean
  /** Another try before this time is useless; null when no time is known. Milliseconds since 1970. */
  readonly notBefore: number | null
}

/** The outcome of a try: each step that is still open waits for something, and is tried again. */
export function outcomeOfAttempt({ taken, waiting }: OnboardingOutcome, now: number): AttemptOutcome {
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

/** A token may arrive, and a write without an answer is looked up again. */
const passes = ({ retryable, code }: Problem): boolean =>
  retryable || code === 'TOKEN_INVALID' || code === 'OUTCOME_UNKNOWN'

const second = 1000
const hourMs = 3_600_000

/** Arrivals of this time are onboarded when the rule starts. */
export const looksBackMs = 24 * hourMs

/** For this time an account is tried by itself; after it, only when an event arrives. */
export const triedForMs = 7 * 24 * hourMs

export interface Waiting {
  /** When the rule began to wait. */
  readonly since: number
  readonly mayPass: boolean
  readonly notBefore: number | null
}

/**
 * When an account is tried next: each pause is as long as everything before it, a second at first. What may pass is tried
 * each hour at least, because a look costs little; what was refused is not, because each try is a write. The times follow
 * from the beginning alone, so every instance knows them. Null when it is tried no more.
 */
export function nextTryAt({ since, mayPass, notBefore }: Waiting, now: number): number | null {
  const waited = Math.max(0, now - since)
  const doubled = second * 2 ** Math.ceil(Math.log2(Math.max(1, (waited + 1) / second)))
  const after = mayPass && waited >= hourMs ? (Math.floor(waited / hourMs) + 1) * hourMs : doubled
  const next = Math.max(since + after, notBefore ?? 0)
  return next - since > Math.max(triedForMs, (notBefore ?? 0) - since) ? null : next
}
