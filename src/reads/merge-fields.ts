import { nameOf, type EdgeField, type Field, type FieldTree } from '../graph/fields.ts'

const asEdge = (field: Field): EdgeField => (typeof field === 'string' ? { name: field } : field)

/** One tree that asks for everything that the given trees ask for; of an edge, the longest page. */
export function mergeFields(...trees: readonly FieldTree[]): FieldTree {
  const merged = new Map<string, Field>()
  for (const field of trees.flat()) {
    const other = merged.get(nameOf(field))
    merged.set(nameOf(field), other === undefined ? field : mergeField(other, field))
  }
  return [...merged.values()]
}

function mergeField(a: Field, b: Field): Field {
  const [one, two] = [asEdge(a), asEdge(b)]
  if (!one.fields && !two.fields && !one.limit && !two.limit) return one.name
  const limit = Math.max(one.limit ?? 0, two.limit ?? 0)
  const fields = mergeFields(one.fields ?? [], two.fields ?? [])
  return { name: one.name, ...(limit > 0 && { limit }), ...(fields.length > 0 && { fields }) }
}

/** The part of `wanted` that an answer to `asked` does not hold. */
export function missingFields(asked: FieldTree, wanted: FieldTree): FieldTree {
  const known = indexOf(asked)
  return wanted.every((field) => covers(known, field))
    ? nothing
    : wanted.filter((field) => !covers(known, field))
}

const nothing: FieldTree = []

// All rows of a page share the tree that was asked for, and each of their fields looks into it.
const indexes = new WeakMap<FieldTree, Map<string, Field>>()

function indexOf(tree: FieldTree): Map<string, Field> {
  const index = indexes.get(tree) ?? new Map(tree.map((field) => [nameOf(field), field]))
  indexes.set(tree, index)
  return index
}

function covers(known: Map<string, Field>, wanted: Field): boolean {
  if (typeof wanted === 'string') return known.has(wanted)
  const asked = known.get(wanted.name)
  if (asked === undefined) return false
  const { limit = 0, fields = nothing } = asEdge(asked)
  return limit >= (wanted.limit ?? 0) && missingFields(fields, wanted.fields ?? nothing).length === 0
}
