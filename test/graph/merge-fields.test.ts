import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printFields, type FieldTree, mergeFields, missingFields } from '../../src/graph/fields.ts'
import { parseFields } from '../../src/simulator/fields/parse.ts'

const name = fc.constantFrom('id', 'name', 'status', 'partners', 'solutions', 'owner_app')
const tree: fc.Arbitrary<FieldTree> = fc.letrec<{ tree: FieldTree }>((tie) => ({
  tree: fc.uniqueArray(
    fc.oneof(
      { maxDepth: 3 },
      name,
      fc.record({ name, limit: fc.integer({ min: 1, max: 100 }), fields: tie('tree') }),
    ),
    { minLength: 1, maxLength: 4, selector: (field) => (typeof field === 'string' ? field : field.name) },
  ),
})).tree

describe('trees of fields', () => {
  it('merge into one that lacks nothing of any of them', () => {
    fc.assert(
      fc.property(tree, tree, (one, two) => {
        const merged = mergeFields(one, two)
        expect(missingFields(merged, one)).toEqual([])
        expect(missingFields(merged, two)).toEqual([])
      }),
    )
  })

  it('keep the longest page of an edge', () => {
    const page = (limit: number): FieldTree => [{ name: 'partners', limit, fields: ['id'] }]
    expect(mergeFields(page(5), page(50))).toEqual(page(50))
    expect(missingFields(page(5), page(50))).toEqual(page(50))
  })

  it('print as text that the simulator reads, in its own words, as the same tree', () => {
    fc.assert(
      fc.property(tree, (fields) => {
        const names = (list: readonly { name: string; fields?: unknown }[]): unknown[] =>
          list.map((field) => [field.name, field.fields ? names(field.fields as never) : null])
        const ours = fields.map((field) => (typeof field === 'string' ? { name: field } : field))
        expect(names(parseFields(printFields(fields)) as never)).toEqual(names(normalise(ours) as never))
      }),
    )
  })
})

function normalise(list: readonly { name: string; fields?: FieldTree | undefined }[]): unknown[] {
  return list.map(({ name, fields }) => ({
    name,
    ...(fields && {
      fields: normalise(fields.map((field) => (typeof field === 'string' ? { name: field } : field))),
    }),
  }))
}
