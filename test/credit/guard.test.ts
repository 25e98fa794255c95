import { describe, expect, it } from 'vitest'
import { judgeSharing, type Facts } from '../../src/credit/guard.ts'

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
