import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTryAt, triedForMs } from '../../src/onboarding/rule/schedule.ts'

const second = 1000
const hour = 3_600_000
const since = Date.parse('2026-11-30T12:00:00Z')

/** Every try of an account for which nothing else comes, in seconds behind the beginning. */
function tries(mayPass: boolean, notBefore: number | null = null): number[] {
  const times: number[] = []
  for (let at = nextTryAt({ since, mayPass, notBefore }, since); at !== null;) {
    times.push((at - since) / second)
    at = nextTryAt({ since, mayPass, notBefore }, at)
  }
  return times
}

describe('an account that waits', () => {
  it('is tried with pauses that double, and then each hour for a week', () => {
    const times = tries(true)
    expect(times.slice(0, 12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048])
    expect(times.slice(13, 16)).toEqual([2 * 3600, 3 * 3600, 4 * 3600])
    expect(times.at(-1)).toBe(triedForMs / second)
  })

  it('is tried ever more seldom when it was refused', () => {
    expect(tries(false)).toEqual(Array.from({ length: 20 }, (_, n) => 2 ** n))
  })

  it('is not tried before the time that Graph gave, however far that is', () => {
    expect(tries(true, since + 10 * hour).slice(0, 3)).toEqual([36_000, 39_600, 43_200])
    const beyond = since + 2 * triedForMs
    expect(nextTryAt({ since, mayPass: true, notBefore: beyond }, since)).toBe(beyond)
  })

  it('is tried later than now, always', () => {
    const waits = fc.record({
      mayPass: fc.boolean(),
      notBefore: fc.option(fc.integer({ min: since - hour, max: since + 2 * triedForMs })),
      waited: fc.integer({ min: 0, max: 2 * triedForMs }),
    })
    fc.assert(
      fc.property(waits, ({ mayPass, notBefore, waited }) => {
        const next = nextTryAt({ since, mayPass, notBefore }, since + waited)
        expect(next === null || next > since + waited).toBe(true)
        if (waited < triedForMs - hour && mayPass) expect(next).not.toBeNull()
      }),
    )
  })
})
