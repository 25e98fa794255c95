import { describe, expect, it } from 'vitest'
import { openAgainAt, judgeSharing } from '../../src/credit/guard.ts'

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`)

describe('a line for a customer who comes from another Solution Partner', () => {
  it.each([
    ['2026-11-04', '2026-11-05'],
    ['2026-11-05', null],
    ['2026-11-27', null],
    ['2026-11-28', '2026-12-05'],
    ['2026-11-30', '2026-12-05'],
    ['2026-12-28', null],
    ['2026-12-29', '2027-01-05'],
    ['2027-01-01', '2027-01-05'],
    ['2027-02-25', null],
    ['2027-02-26', '2027-03-05'],
    ['2028-02-26', null],
    ['2028-02-27', '2028-03-05'],
  ])('on %s can be shared from %s on', (today, day) => {
    const opens = openAgainAt(at(today))
    expect(opens === null ? null : new Date(opens).toISOString().slice(0, 10)).toBe(day)
  })

  it('is refused on such a day until it may be shared, and any other customer’s is not', () => {
    const facts = { funding: { id: null }, currency: null, active: [], complete: true, taken: [] }
    const wish = { lineId: '1', currency: 'USD' }
    expect(judgeSharing({ ...wish, switched: true }, facts, at('2026-12-04'))).toMatchObject({
      refused: { code: 'NOT_PERMITTED', retryable: true, retryAfterSeconds: 43_200 },
    })
    expect(judgeSharing({ ...wish, switched: false }, facts, at('2026-12-04'))).toBe('share')
  })
})
