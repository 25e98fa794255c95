import { GraphError } from './error.ts'
import { isCursor } from './paging.ts'

/** An edge inside a `fields=` list, with its own page and its own fields. */
export interface EdgeField {
  readonly name: string
  readonly limit?: number | undefined
  readonly after?: string | undefined
  readonly fields?: FieldTree | undefined
}

export type Field = string | EdgeField
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

function printField({ name, limit, after, fields }: EdgeField): string {
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
