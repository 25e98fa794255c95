import type { GraphError } from '../graph/error.ts'
import { nameOf, type FieldTree } from '../graph/fields.ts'
import { definitionOf, typeNamed, witnessOf } from './definitions.ts'
import type { FieldRef } from './unsupported-fields.ts'

// The wordings are known from third parties only; the first is spelled in two ways.
const wordings = [
  /non-?exist(?:ing|ent) field \((\w{1,100})\)(?: on node type \((\w{1,100})\))?/i,
  /\(#12\) (\w{1,100}) (?:field )?is deprecated/i,
]
/** 100 a parameter, 12 what a version no longer has. */
const codes: ReadonlySet<number> = new Set([100, 12])

/** Whether Graph refuses what is asked for, and not the object or the caller. */
export function isRefusal({ kind, code }: GraphError): boolean {
  return kind === 'invalid' && code !== undefined && codes.has(code)
}

/** The field that Graph names in its refusal; null when it names none. */
export function fieldRefused(error: GraphError): string | null {
  return namedIn(error)?.field ?? null
}

/** What Graph says it does not know, and on which of our types, where it names one that is ours. */
export function namedIn({ message }: GraphError): { field: string; type: string | undefined } | null {
  const [, field, graphName] = wordings.map((wording) => wording.exec(message)).find(Boolean) ?? []
  return field === undefined ? null : { field, type: typeNamed(graphName) }
}

/**
 * What may be left out after a refusal: the field that it names, where the tree has it. A name that stands at several
 * places is left out of the deepest first. Empty when the refusal is not about a field that can be spared.
 */
export function suspectsOf(error: GraphError, type: string, tree: FieldTree): readonly FieldRef[] {
  const named = namedIn(error)
  if (named === null) return []
  const places = spareable(type, tree).filter(
    (place) => place.field === named.field && (named.type === undefined || named.type === place.type),
  )
  return places.slice(-1)
}

/** Every expansion that can be read as an edge instead. */
export function expansionsIn(type: string, tree: FieldTree): readonly FieldRef[] {
  return spareable(type, tree).filter((place) => definitionOf(place.type, place.field).edge !== undefined)
}

/** Every field but those without which an object cannot be told from another. */
export function spareable(type: string, tree: FieldTree): readonly FieldRef[] {
  return tree.flatMap((field) => {
    const name = nameOf(field)
    const of = definitionOf(type, name).of
    const below = typeof field !== 'string' && field.fields && of ? spareable(of, field.fields) : []
    return name === 'id' || name === witnessOf(type) ? below : [{ type, field: name }, ...below]
  })
}
