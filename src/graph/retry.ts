import type { GraphError, GraphErrorKind } from './error.ts'

export interface RetryQuestion {
  readonly isRead: boolean
  /** The try that has just failed, from 1. */
  readonly attempt: number
  readonly error: GraphError
  readonly elapsedMs: number
  readonly deadlineMs: number
  /** Answers in [0, 1). */
  readonly random: () => number
}

const TRIES = 3
const BASE_MS = 100
const notAtOnce: ReadonlySet<GraphErrorKind> = new Set(['throttled', 'timeout', 'declined'])

/** How long to wait before the next try, or null when this failure is the answer. */
export function shouldRetry(question: RetryQuestion): number | null {
  const { isRead, attempt, error } = question
  // A write is never repeated. A throttled call only lengthens the block: docs/graph-api/overview/rate-limiting
  if (!isRead || attempt >= TRIES) return null
  if (!error.transient || notAtOnce.has(error.kind)) return null
  const jitter = question.random() * BASE_MS * 2 ** (attempt - 1)
  const delay = Math.max(jitter, (error.retryAfterSeconds ?? 0) * 1000)
  return question.elapsedMs + delay < question.deadlineMs ? delay : null
}
