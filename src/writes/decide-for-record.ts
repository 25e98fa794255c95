import type { WriteRecord } from '../events/writes.ts'

/** Within this time after its beginning a write is sent, or not at all. */
export const sendWithinMs = 10_000
/** After this time whoever began a write has an answer or is dead. */
const settledAfterMs = 25_000
/** After this time Graph will not do any more what it has not done. */
const certainAfterMs = 120_000

/** How often whoever waits for another looks, and how many times at most. */
export const pollMs = 100
export const pollsAtMost = 300

export type RecordDecision =
  /** Whoever has begun it is still at it. */
  | 'wait'
  /** It was begun and never sent. */
  | 'begin-again'
  /** It was sent, and nobody knows what came of it. */
  | 'look-up'
  | 'answer'

/** What to do about a write that is on record. */
export function decideForRecord({ state, outcome, startedAt }: WriteRecord, now: number): RecordDecision {
  if (state === 'done' || state === 'refused') return 'answer'
  if (state === 'unknown') return 'look-up'
  if (now - startedAt < settledAfterMs) return 'wait'
  return outcome === null ? 'begin-again' : 'look-up'
}

/** Seconds until a write that cannot be seen at Graph has certainly not happened; 0 when it has not. */
export function secondsToCertainty(startedAt: number, now: number): number {
  return Math.max(0, Math.ceil((startedAt + certainAfterMs - now) / 1000))
}
