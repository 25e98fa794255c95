import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { downwards, spanOf, upwards } from '../../../src/events/sql/log.ts'

const position = fc.integer({ min: 0, max: 200 })
const span = fc.integer({ min: 1, max: 50 })

describe('the windows of a read', () => {
  it('join, upwards, to the whole range, with nothing twice', () => {
    const property = fc.property(position, position, span, (from, to, size) => {
      const windows = [...upwards(from, to, size)]
      expect(windows.flatMap(positions)).toEqual(positions({ from, to }))
      expect(windows.every((window) => window.to - window.from <= size)).toBe(true)
    })
    fc.assert(property)
  })

  it('join, downwards, to the whole range, newest window first', () => {
    const property = fc.property(position, position, span, (from, to, size) => {
      const windows = [...downwards(from, to, size)]
      expect(windows.toReversed().flatMap(positions)).toEqual(positions({ from, to }))
      expect(windows.every((window) => window.to - window.from <= size)).toBe(true)
    })
    fc.assert(property)
  })

  it('are one for a filter that an index answers', () => {
    const { MAX_SAFE_INTEGER } = Number
    expect(spanOf({ appIds: ['1'], solutionId: '2' })).toBe(MAX_SAFE_INTEGER)
    expect(spanOf({ appIds: ['1'], wabaId: '2' })).toBe(MAX_SAFE_INTEGER)
    expect(spanOf({ appIds: ['1'], kinds: ['OTHER'] })).toBeLessThanOrEqual(50_000)
    expect([...upwards(5, 1_000_000, MAX_SAFE_INTEGER)]).toEqual([{ from: 5, to: 1_000_000 }])
  })
})

function positions({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + 1 + index)
}
