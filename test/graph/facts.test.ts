import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodes } from '../../src/graph/nodes.ts'
import { numberFields, wabaFields } from '../calls/support/facts.ts'

// These were there before, and what relies on them wants to know when they are no text.
const checked = new Set(['account_review_status', 'quality_rating'])
const facts = (fields: Readonly<Record<string, string>>, more: readonly string[] = []): string[] => [
  ...new Set([...Object.values(fields).filter((field) => !checked.has(field)), ...more]),
]

describe('a fact of an account or a number', () => {
  it.each([
    ['account', nodes.ClientWaba.shape, facts(wabaFields, ['primary_funding_id'])],
    ['number', nodes.PhoneNumber.shape, facts(numberFields).filter((field) => field !== 'status')],
  ] as const)('in whatever form it comes costs nothing else of the %s', (_, shape, names) => {
    const row = fc.dictionary(fc.constantFrom(...names), fc.jsonValue())
    fc.assert(
      fc.property(row, (sent) => {
        expect(shape.parse({ ...sent, id: '1', name: 'Kites' })).toMatchObject({ id: '1', name: 'Kites' })
      }),
    )
  })

  it.each([
    ['2021-12-12T01:24:21+0000', '2021-12-12T01:24:21.000Z'],
    ['2021-12-12T01:24:21-0130', '2021-12-12T02:54:21.000Z'],
    ['2021-12-12T01:24:21Z', '2021-12-12T01:24:21.000Z'],
    [1_735_689_600, '2025-01-01T00:00:00.000Z'],
    ['1735689600', '2025-01-01T00:00:00.000Z'],
    ['some day', null],
    [null, null],
    [{}, null],
  ])('that is the time %j is read as %s', (sent, instant) => {
    const { creation_time: read } = nodes.ClientWaba.shape.parse({ id: '1', creation_time: sent })
    expect(read == null ? null : new Date(read).toISOString()).toBe(instant)
  })

  it.each([
    [{ level: 'HIGH' }, 'HIGH'],
    ['standard', 'standard'],
    [{ level: 5 }, null],
    [{}, null],
    [12, null],
  ])('that is the throughput %j is read as %s', (throughput, level) => {
    expect(nodes.PhoneNumber.shape.parse({ id: '1', throughput }).throughput ?? null).toBe(level)
  })

  it.each([
    ['true', true],
    [false, false],
    ['maybe', null],
  ])('that is the answer %j is read as %s', (sent, read) => {
    expect(nodes.PhoneNumber.shape.parse({ id: '1', is_on_biz_app: sent }).is_on_biz_app ?? null).toBe(read)
  })

  it('that is one of the texts may be a number', () => {
    expect(nodes.ClientWaba.shape.parse({ id: '1', purchase_order_number: 77 }).purchase_order_number).toBe(
      '77',
    )
  })
})
