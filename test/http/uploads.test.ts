import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { progressOf, type BodyProgress } from '../../src/http/uploads.ts'

/** A body whose bytes come as `at` says; when it is cut off, looked at each second, or null when it comes to its end. */
function cutAt(length: number | null, ends: number, at: (ms: number) => number): number | null {
  let progress: BodyProgress | null = { beganAt: 0, windowAt: 0, before: 0, length }
  for (let now = 0; now <= ends; now += 1_000) {
    if (length !== null && at(now) >= length) return null
    progress = progressOf(progress, at(now), now)
    if (progress === null) return now
  }
  return null
}

describe('a body that comes bit by bit', () => {
  it.each([
    ['5 MB at 3 Mbit/s', 5_000_000, 375_000],
    ['5 MB at 10 KB/s', 5_000_000, 10 * 1024],
    ['100 KB at 10 KB/s', 100_000, 10 * 1024],
    ['of a length that is not said at 10 KB/s', null, 10 * 1024],
  ])('may take its time: %s', (_, length, perSecond) => {
    expect(cutAt(length, 3_600_000, (ms) => (ms / 1000) * perSecond)).toBeNull()
  })

  it.each([
    ['3 bytes a second', 5_000, 3],
    ['500 bytes a second, of a length that is not said', null, 500],
    ['nothing', 5_000_000, 0],
  ])('has 11 seconds at most for %s', (_, length, perSecond) => {
    expect(cutAt(length, 3_600_000, (ms) => (ms / 1000) * perSecond)).toBeLessThanOrEqual(11_000)
  })

  it('that stops in the middle is cut off within two windows', () => {
    const stopped = cutAt(5_000_000, 3_600_000, (ms) => Math.min(ms, 60_000) * 50)
    expect(stopped).toBeGreaterThan(60_000)
    expect(stopped).toBeLessThanOrEqual(80_000)
  })

  it('is over after 10 seconds and the time that it takes at 8 KB a second, however it comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000_000 }), fc.array(fc.nat(40_000)), (length, steps) => {
        let come = 0
        const sums = steps.map((step) => (come += step))
        const at = (ms: number): number => Math.min(sums[ms / 1_000] ?? come, length - 1)
        const cut = cutAt(length, 10_000_000, at)
        expect(cut).not.toBeNull()
        expect(cut).toBeLessThanOrEqual(10_000 + (length / 8192) * 1000 + 1_000)
      }),
    )
  })

  it('is never cut off while each second brings 10 KB', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000_000 }), fc.array(fc.nat(100_000)), (length, steps) => {
        let come = 0
        const sums = steps.map((step) => (come += 10_240 + step))
        const at = (ms: number): number =>
          ms === 0 ? 0 : (sums[ms / 1_000 - 1] ?? come + (ms / 1000 - sums.length) * 10_240)
        expect(cutAt(length, 10_000_000, at)).toBeNull()
      }),
    )
  })
})
