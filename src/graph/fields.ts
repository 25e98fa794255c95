import { GraphError } from './error.ts'
import { isCursor } from './paging.ts'

/** An edge inside a `fields=` list, with its own page and its own fields. */
export interface Expansion {
  readonly name: string
  readonly limit?: number | undefined
  readonly after?: string | undefined
  readonly fields?: FieldTree | undefined
}

export type Field = string | Expansion
export type FieldTree = readonly Field[]

export const nameOf = (field: Field): string => (typeof field === 'string' ? field : field.name)

const NAME = /^[a-z][a-z0-9_]*$/
const LIMIT_MAX = 1000

/**
 * Prints `a,b,edge.limit(5).after(C){x,y}`: developers.facebook.com/docs/graph-api/guides/field-expansion.
 * Whatever is not plainly a name, a count or a cursor is refused, so no text of a caller gets into the list.
 */
export function printFields(tree: FieldTree): string {
  if (tree.length === 0) throw refuse('A list of fields is empty')
  const fields = tree.map((field) => (typeof field === 'string' ? { name: field } : field))
  if (new Set(fields.map((field) => field.name)).size < fields.length) throw refuse('A field is named twice')
  return fields.map(printField).join(',')
}

function printField({ name, limit, after, fields }: Expansion): string {
  if (!NAME.test(name)) throw refuse('A field name has characters that no Graph field has')
  const modifiers = `${limit === undefined ? '' : printLimit(limit)}${after === undefined ? '' : printAfter(after)}`
  return `${name}${modifiers}${fields === undefined ? '' : `{${printFields(fields)}}`}`
}

function printLimit(limit: number): string {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return `.limit(${limit})`
  throw refuse(`A page limit is a whole number from 1 to ${LIMIT_MAX}`)
}

function printAfter(cursor: string): string {
  if (isCursor(cursor)) return `.after(${cursor})`
  throw refuse('A cursor has characters that no Graph cursor has')
}

function refuse(message: string): GraphError {
  return new GraphError('input', `${message}.`)
}

const asEdge = (field: Field): Expansion => (typeof field === 'string' ? { name: field } : field)

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
