import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CLOSED,
  afterLeaving,
  afterResult,
  waitMsOf,
  type Breaker,
  Breakers,
} from '../../src/graph/upstream/breakers.ts'
import { GraphError } from '../../src/graph/error.ts'
import { LIMITS, mayRetry, Retries } from '../../src/graph/upstream/limits.ts'

const settings = { ...LIMITS, leastObjects: 2 }

function fed(
  results: readonly (readonly [object: string, failed: boolean])[],
  at = 0,
  from = CLOSED,
): Breaker {
  return results.reduce<Breaker>(
    (breaker, [object, failed]) => afterResult(breaker, { object, failed, at }, settings),
    from,
  )
}

const failures = (count: number, object = (index: number) => String(index % 5)) =>
  Array.from({ length: count }, (_, index) => [object(index), true] as const)

describe('a breaker', () => {
  test('opens when everything has failed often enough, for as long as a probe takes to be due', () => {
    expect(fed(failures(49)).probeAt).toBeNull()
    const open = fed(failures(50))
    expect(waitMsOf(open, 0)).toBe(5000)
    expect(waitMsOf(open, 4999)).toBe(1)
    expect(waitMsOf(open, 5000)).toBe(0)
  })

  test('lets one probe through, and the next five seconds later', () => {
    const probing = afterLeaving(fed(failures(50)), 6000, settings)
    expect(waitMsOf(probing, 6000)).toBe(5000)
    expect(afterResult(probing, { object: '1', failed: true, at: 6100 }, settings)).toBe(probing)
    expect(waitMsOf(probing, 11_000)).toBe(0)
  })

  test('closes with the first answer', () => {
    expect(afterResult(fed(failures(50)), { object: '1', failed: false, at: 6000 }, settings)).toBe(CLOSED)
  })

  test('stays closed while one object fails and others do not, however often it is asked', () => {
    const others = Array.from({ length: 10 }, (_, index) => [`good ${index}`, false] as const)
    expect(fed([...others, ...failures(40, () => 'bad')]).probeAt).toBeNull()
  })

  test('of many objects does not open for a single one', () => {
    expect(fed(failures(200, () => 'bad')).probeAt).toBeNull()
    const own = { ...settings, leastObjects: 1 }
    const alone = failures(50).reduce<Breaker>(
      (breaker) => afterResult(breaker, { object: 'bad', failed: true, at: 0 }, own),
      CLOSED,
    )
    expect(waitMsOf(alone, 0)).toBe(5000)
  })

  test('forgets what is older than its window', () => {
    expect(fed(failures(25), 10_000, fed(failures(25))).probeAt).toBeNull()
  })

  test('sends at most one probe in five seconds while all fails, whenever calls come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }), (gaps) => {
        let now = 0
        let breaker = fed(failures(50))
        const probes = [now]
        for (const gap of gaps) {
          now += gap
          if (waitMsOf(breaker, now) > 0) continue
          breaker = afterLeaving(breaker, now, settings)
          probes.push(now)
          breaker = afterResult(breaker, { object: '1', failed: true, at: now }, settings)
        }
        for (const [index, probe] of probes.entries()) {
          expect(probe - (probes[index - 1] ?? -5000)).toBeGreaterThanOrEqual(5000)
        }
      }),
    )
  })
})

describe('the breakers', () => {
  const down = new GraphError('unavailable', 'down')
  const about = (resource: string, slots: readonly string[], parts: readonly object[] = []) =>
    ({ appId: '1', resource, slots, parts }) as never
  const afterFailures = (call: never): boolean => {
    const breakers = new Breakers(
      LIMITS,
      () => 0,
      () => undefined,
    )
    for (let time = 0; time < 60; time++) breakers.take(call, down)
    return breakers.isOpen(call)
  }

  test('keep one for each object, and none for what a batch joins', () => {
    expect(afterFailures(about('GET /{id}', ['5']))).toBe(true)
    expect(afterFailures(about('POST /', ['5', '6'], [{}, {}]))).toBe(false)
  })
})

describe('the retry budget', () => {
  test('is a fifth of what is under way, and never less than three', () => {
    const state = (active: number, retrying: number) => ({ active, retrying, tokens: 500 })
    expect(mayRetry(state(1, 2), 5, LIMITS)).toBe(true)
    expect(mayRetry(state(1, 3), 5, LIMITS)).toBe(false)
    expect(mayRetry(state(100, 19), 5, LIMITS)).toBe(true)
    expect(mayRetry(state(100, 20), 5, LIMITS)).toBe(false)
  })

  test('is that of the calls under way now, and a retry that has ended makes room', async () => {
    const retries = new Retries({ ...LIMITS, bucket: 1_000_000 })
    await retries.during(30, async () => {
      const ends = Array.from({ length: 6 }, () => retries.begin('app', 'network'))
      expect(ends).not.toContain(null)
      expect(retries.begin('app', 'network')).toBeNull()
      ends[0]?.()
      expect(retries.begin('app', 'network')).not.toBeNull()
    })
    expect(retries.begin('app', 'network')).toBeNull()
  })

  test('ends with the bucket', () => {
    expect(mayRetry({ active: 1, retrying: 0, tokens: 5 }, 5, LIMITS)).toBe(true)
    expect(mayRetry({ active: 1, retrying: 0, tokens: 9 }, 10, LIMITS)).toBe(false)
  })
})
