import { describe, expect, test } from 'vitest'
import { GraphError, type GraphErrorDetails, type GraphErrorKind } from '../../src/graph/error.ts'
import { shouldRetry, type RetryQuestion } from '../../src/graph/upstream/limits.ts'

const failure = (kind: GraphErrorKind, details?: GraphErrorDetails) => new GraphError(kind, 'x', details)

function ask(question: Partial<RetryQuestion>): number | null {
  const usual = { isRead: true, attempt: 1, elapsedMs: 0, deadlineMs: 10_000, random: () => 0.5 } as const
  return shouldRetry({ ...usual, error: failure('unavailable'), ...question })
}

describe('a retry', () => {
  test('waits anywhere between nothing and a window that doubles', () => {
    expect(ask({ attempt: 1 })).toBe(50)
    expect(ask({ attempt: 2 })).toBe(100)
    expect(ask({ attempt: 2, random: () => 0 })).toBe(0)
  })

  test('ends with the third try', () => {
    expect(ask({ attempt: 3 })).toBeNull()
  })

  test('never happens for a write', () => {
    expect(ask({ isRead: false, error: failure('network') })).toBeNull()
    expect(ask({ isRead: false, error: failure('unavailable', { transient: true }) })).toBeNull()
  })

  test.each(['unavailable', 'network', 'malformed'] as const)('happens after %s', (kind) => {
    expect(ask({ error: failure(kind) })).not.toBeNull()
  })

  test.each([
    'throttled',
    'timeout',
    'token',
    'permission',
    'not-found',
    'invalid',
    'too-large',
    'aborted',
    'input',
  ] as const)('does not happen after %s', (kind) => {
    expect(ask({ error: failure(kind) })).toBeNull()
  })

  test('follows the hint is_transient, but not for a throttled call', () => {
    expect(ask({ error: failure('invalid', { transient: true }) })).not.toBeNull()
    expect(ask({ error: failure('throttled', { transient: true }) })).toBeNull()
  })

  test('waits as long as it was asked to, or not at all when that is past the deadline', () => {
    expect(ask({ error: failure('unavailable', { retryAfterSeconds: 3 }) })).toBe(3000)
    expect(ask({ error: failure('unavailable', { retryAfterSeconds: 60 }) })).toBeNull()
    expect(ask({ elapsedMs: 9_960 })).toBeNull()
  })
})
