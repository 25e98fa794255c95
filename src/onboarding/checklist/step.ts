import type { Party } from '../../errors/problem.ts'
import type { GraphError } from '../../graph/error.ts'

/** What an account needs before its customer can send messages, in the order in which it is done. */
export const stepKinds = [
  'SHARED_WITH_PARTNER',
  'BUSINESS_TOKEN',
  'WEBHOOKS_SUBSCRIBED',
  'CREDIT_SHARED',
  'PHONE_NUMBER_REGISTERED',
] as const
export type StepKind = (typeof stepKinds)[number]

export const stepStates = ['DONE', 'TODO', 'BLOCKED', 'FAILED', 'NOT_NEEDED', 'UNKNOWN'] as const
export type StepState = (typeof stepStates)[number]

export interface StepFinding {
  readonly state: StepState
  /** For a person to read; null when there is nothing to say. */
  readonly reason: string | null
  readonly waitsFor: Party | null
  /** Milliseconds since 1970; null when not known. */
  readonly at: number | null
}

export interface Step extends StepFinding {
  readonly kind: StepKind
  /** Since when it is open; null when it is not open or when that is not known. */
  readonly since: number | null
  /** Why it could not be read, when a later read may succeed. */
  readonly failure: GraphError | null
}

export const done = (at: number | null = null): StepFinding => ({
  state: 'DONE',
  reason: null,
  waitsFor: null,
  at,
})

export const open = (
  state: Exclude<StepState, 'DONE'>,
  waitsFor: Party | null,
  reason: string,
): StepFinding => ({
  state,
  reason,
  waitsFor,
  at: null,
})

export const areTaken = (steps: readonly Step[]): boolean =>
  steps.every(({ state }) => state === 'DONE' || state === 'NOT_NEEDED')
