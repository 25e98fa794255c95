import { describe, expect, it } from 'vitest'
import { judgeSharing, outcomeOfSharing, type Facts } from '../../src/credit/guard.ts'

const now = Date.UTC(2026, 4, 15)
const wish = { lineId: 'A', currency: 'USD', switched: false }
const free: Facts = { funding: { id: null }, currency: null, active: [], complete: true, taken: [] }
const shared = { id: '1', lineId: 'A', credentialId: 'c1' }
const held = { ...free, active: [shared], taken: [{ allocationId: '1', lineId: 'A' }] }

describe('whether a line may be shared', () => {
  it.each<[string, Partial<Facts>, object, object | string]>([
    ['with an account that nothing pays for', free, {}, 'share'],
    ['that pays already', { ...held, funding: { id: 'c1' } }, {}, { already: '1' }],
    [
      'in another currency',
      { ...held, funding: { id: 'c1' }, currency: 'EUR' },
      {},
      { refused: { code: 'CONFLICT' } },
    ],
    ['on record and shared, where nobody tells what pays', { ...held, funding: null }, {}, { already: '1' }],
    ['on record and shared, of which Graph says that it does not pay', held, {}, 'share'],
    ['on record and revoked', { ...held, active: [], funding: null }, {}, 'share'],
    [
      'that is another one than is on record',
      { ...held, active: [], taken: [{ allocationId: '2', lineId: 'B' }] },
      {},
      { refused: { code: 'CONFLICT' } },
    ],
    [
      'with an account that something else pays for',
      { funding: { id: 'x' } },
      {},
      { refused: { code: 'CONFLICT' } },
    ],
    [
      'with one whose customer comes from another partner',
      { funding: { id: 'x' } },
      { switched: true },
      'share',
    ],
    ['where Graph does not show all that is shared', { funding: { id: 'x' }, complete: false }, {}, 'share'],
    ['where what pays may be what was revoked', { ...held, active: [], funding: { id: 'c1' } }, {}, 'share'],
  ])('%s', (_, facts, more, verdict) => {
    const judged = judgeSharing({ ...wish, ...more }, { ...free, ...facts }, now)
    if (typeof verdict === 'string') expect(judged).toBe(verdict)
    else expect(judged).toMatchObject(verdict)
  })
})

describe('a sharing whose reply was lost', () => {
  const paid = { ...held, funding: { id: 'c1' } }
  const other = { ...held, funding: { id: 'x' } }
  const notShared = { ...free, funding: { id: 'x' } }
  it.each<[string, Facts, object, boolean, object | string]>([
    ['was made when the line pays', paid, {}, true, { createdId: '1' }],
    ['was not when something else pays', other, {}, true, 'not-made'],
    [
      'may have been where the old line pays until the month ends',
      other,
      { switched: true },
      true,
      'unknown',
    ],
    [
      'was not where nothing is shared with a known customer',
      notShared,
      { switched: true },
      true,
      'not-made',
    ],
    ['may have been where the customer is not known', notShared, { switched: true }, false, 'unknown'],
    ['may have been where nobody tells what pays', { ...held, funding: null }, {}, true, 'unknown'],
    ['was not when another line pays', paid, { lineId: 'B' }, true, 'not-made'],
  ])('%s', (_, facts, more, isKnown, outcome) => {
    expect(outcomeOfSharing({ ...wish, ...more }, facts, isKnown)).toEqual(outcome)
  })
})
