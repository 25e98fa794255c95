import { Kind } from 'graphql'
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  SelectionNode,
  OperationDefinitionNode,
} from 'graphql'
import { operationsOf } from './arguments.ts'
import { fragmentsOf, MAX_HOPS } from './fragments.ts'
import { absorb, closeSelection, emptyTally, enclose, takeTheWorse } from './tally.ts'
import type { Tally } from './tally.ts'

export type DocumentSize = {
  /** Fields after every fragment spread is written out, without those below `__schema` and `__type`. */
  fields: number
  depth: number
  aliases: number
  directives: number
  rootFields: number
  /** How often the most repeated field name stands in one selection set. */
  repetitions: number
  introspectionFields: number
  introspectionDepth: number
  fragments: number
  operations: number
  cyclic: boolean
}

type Walk = {
  fragments: Map<string, FragmentDefinitionNode>
  measured: Map<string, Tally>
  open: Set<string>
  cyclic: boolean
}

/** Counts stop growing here: far above any limit, far below what a sum could overflow. */
export const MOST_COUNTED = 100_000

/**
 * The size of the largest operation. Fragments that no operation spreads count as well: validation walks them all the
 * same.
 */
export function measureDocument(document: DocumentNode): DocumentSize {
  const operations = operationsOf(document, undefined)
  const fragments = fragmentsOf(document)
  const walk = startWalk(fragments)
  const worst = emptyTally()
  for (const operation of operations) takeTheWorse(worst, measureRoot(walk, operation))
  const unused = fragments.filter((fragment) => !isMeasured(walk, fragment))
  for (const fragment of unused) takeTheWorse(worst, measureRoot(walk, fragment))
  const { top, ...counts } = worst
  const definitions = { fragments: fragments.length, operations: operations.length }
  return { ...counts, ...definitions, rootFields: sum(top), cyclic: walk.cyclic }
}

function startWalk(definitions: readonly FragmentDefinitionNode[]): Walk {
  const fragments = new Map(definitions.map((fragment) => [fragment.name.value, fragment]))
  return { fragments, measured: new Map(), open: new Set(), cyclic: false }
}

// Of two fragments with one name only the last is ever spread, yet validation walks both before it says so.
function isMeasured(walk: Walk, fragment: FragmentDefinitionNode): boolean {
  const name = fragment.name.value
  return walk.fragments.get(name) === fragment && walk.measured.has(name)
}

function measureRoot(walk: Walk, root: OperationDefinitionNode | FragmentDefinitionNode): Tally {
  const tally = emptyTally()
  if (root.kind === Kind.FRAGMENT_DEFINITION && walk.fragments.get(root.name.value) === root) {
    absorb(tally, measureFragment(walk, root.name.value, 0), MOST_COUNTED)
  } else {
    tally.directives += root.directives?.length ?? 0
    addSelections(walk, root.selectionSet.selections, tally, 0)
  }
  closeSelection(tally)
  return tally
}

function measureFragment(walk: Walk, name: string, hops: number): Tally {
  const known = walk.measured.get(name)
  if (known !== undefined) return known
  const tally = emptyTally()
  const fragment = walk.fragments.get(name)
  if (fragment === undefined) return tally
  if (walk.open.has(name)) {
    walk.cyclic = true
    return tally
  }
  walk.open.add(name)
  tally.directives += fragment.directives?.length ?? 0
  addSelections(walk, fragment.selectionSet.selections, tally, hops)
  walk.open.delete(name)
  walk.measured.set(name, tally)
  return tally
}

function addSelections(walk: Walk, selections: readonly SelectionNode[], into: Tally, hops: number): void {
  if (hops > MAX_HOPS) {
    into.depth = MOST_COUNTED
    return
  }
  for (const selection of selections) {
    if (into.fields >= MOST_COUNTED || into.introspectionFields >= MOST_COUNTED) return
    into.directives = Math.min(MOST_COUNTED, into.directives + (selection.directives?.length ?? 0))
    addSelection(walk, selection, into, hops + 1)
  }
}

function addSelection(walk: Walk, selection: SelectionNode, into: Tally, hops: number): void {
  switch (selection.kind) {
    case Kind.INLINE_FRAGMENT:
      return addSelections(walk, selection.selectionSet.selections, into, hops)
    case Kind.FRAGMENT_SPREAD:
      return absorb(into, measureFragment(walk, selection.name.value, hops), MOST_COUNTED)
    case Kind.FIELD:
      return addField(walk, selection, into, hops)
  }
}

function addField(walk: Walk, field: FieldNode, into: Tally, hops: number): void {
  const inner = emptyTally()
  if (field.selectionSet !== undefined) addSelections(walk, field.selectionSet.selections, inner, hops)
  closeSelection(inner)
  const name = field.name.value
  enclose(into, inner, { introspection: name === '__schema' || name === '__type', ceiling: MOST_COUNTED })
  into.aliases = Math.min(MOST_COUNTED, into.aliases + (field.alias === undefined ? 0 : 1))
  into.top.set(name, Math.min(MOST_COUNTED, (into.top.get(name) ?? 0) + 1))
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0
  for (const count of counts.values()) total += count
  return Math.min(MOST_COUNTED, total)
}
