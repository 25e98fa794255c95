import { nameOf, type EdgeField, type Field, type FieldTree } from '../graph/fields.ts'
import { definitionOf } from './definitions.ts'
import type { FieldRef } from './unsupported-fields.ts'

export type IsRefused = (suspect: FieldRef) => boolean

export interface Trimmed {
  /** What may be asked for in one `fields=`. */
  readonly kept: FieldTree
  /** Refused expansions that can be read as edges of their own. */
  readonly edges: readonly EdgeField[]
  /** Refused, and there is no other way. */
  readonly lost: readonly FieldRef[]
}

/** Takes what Graph refuses out of a tree, at every level of it. */
export function trim(type: string, tree: FieldTree, isRefused: IsRefused): Trimmed {
  const refused = tree.filter((field) => isRefused({ type, field: nameOf(field) }))
  const kept = tree.filter((field) => !refused.includes(field))
  const below = kept.map((field) => trimBelow(type, field, isRefused))
  const isEdge = (field: Field): field is EdgeField => typeof field !== 'string' && hasEdge(type, field)
  const isShut = (field: EdgeField): boolean => isRefused({ type, field: field.name, edge: true })
  const edges = refused.filter(isEdge)
  return {
    kept: below.every((field, index) => field === kept[index]) && refused.length === 0 ? tree : below,
    edges: edges
      .filter((field) => !isShut(field))
      .map((field) => trimBelow(type, field, isRefused) as EdgeField),
    lost: [
      ...refused.filter((field) => !isEdge(field)).map((field) => ({ type, field: nameOf(field) })),
      ...edges.filter(isShut).map(({ name }) => ({ type, field: name, edge: true as const })),
    ],
  }
}

/** A field with what lies below it trimmed; itself when there is nothing to take out. */
export function trimBelow(type: string, field: Field, isRefused: IsRefused): Field {
  const of = definitionOf(type, nameOf(field)).of
  if (typeof field === 'string' || !field.fields || of === undefined) return field
  const { kept } = trim(of, field.fields, isRefused)
  return kept === field.fields ? field : { ...field, fields: kept.length > 0 ? kept : ['id'] }
}

function hasEdge(type: string, field: Field): boolean {
  return definitionOf(type, nameOf(field)).edge !== undefined
}
