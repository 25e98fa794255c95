import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printFields, type FieldTree } from '../../src/graph/fields.ts'
import { parseFields, type ParsedField } from './support/parse-fields.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/)
const cursor = fc.stringMatching(/^[A-Za-z0-9+/=_-]{1,40}$/)
const unique = { minLength: 1, maxLength: 5, selector: (field: ParsedField) => field.name }

const { tree } = fc.letrec<{ tree: ParsedField[]; field: ParsedField }>((tie) => ({
  tree: fc.uniqueArray(tie('field'), unique),
  field: fc.record(
    {
      name,
      limit: fc.integer({ min: 1, max: 1000 }),
      after: cursor,
      fields: fc.option(tie('tree'), { nil: [{ name: 'id' }], depthSize: 'small', maxDepth: 4 }),
    },
    { requiredKeys: ['name'] },
  ),
}))

describe('a list of fields', () => {
  test('is printed in the grammar of field expansion', () => {
    const fields: FieldTree = [
      'id',
      {
        name: 'partners',
        limit: 5,
        after: 'QVFI=',
        fields: ['id', { name: 'partner_app', fields: ['name'] }],
      },
      'status',
    ]
    expect(printFields(fields)).toBe('id,partners.limit(5).after(QVFI=){id,partner_app{name}},status')
  })

  test('is read back as what it was', () => {
    fc.assert(
      fc.property(tree, (fields) => {
        expect(parseFields(printFields(fields))).toEqual(fields)
      }),
    )
  })

  test.each([
    'id,access_token',
    'name){access_token}',
    'x.limit(99999)',
    'Id',
    '',
    'a b',
    'a{b}',
    'ｉd',
    'id\n',
    '1a',
  ])('takes no name like %j', (bad) => {
    expect(() => printFields([bad])).toThrow('characters that no Graph field has')
    expect(() => printFields([{ name: 'edge', fields: [bad] }])).toThrow('characters that no Graph field has')
  })

  test.each(['', 'a)', 'a){access_token', 'a b', 'a,b', '(', 'a\n'])('takes no cursor like %j', (after) => {
    expect(() => printFields([{ name: 'edge', after }])).toThrow('cursor')
  })

  test('takes no cursor of endless length', () => {
    expect(() => printFields([{ name: 'edge', after: 'x'.repeat(2001) }])).toThrow('cursor')
  })

  test.each([0, -1, 1.5, Number.NaN, 1001, Infinity])('takes no limit like %d', (limit) => {
    expect(() => printFields([{ name: 'edge', limit }])).toThrow('limit')
  })

  test('is never empty and names nothing twice', () => {
    expect(() => printFields([])).toThrow('empty')
    expect(() => printFields(['id', { name: 'id', limit: 3 }])).toThrow('twice')
  })
})
