import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type OperationDefinitionNode,
} from 'graphql'

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
  measured: Map<string, Counts>
  open: Set<string>
  cyclic: boolean
}

/** Nesting and fragment hops together. What goes deeper counts as endless, so that recursion stays bounded. */
export const MAX_HOPS = 500

/** Counts stop growing here: far above any limit, far below what a sum could overflow. */
export const MOST_COUNTED = 100_000

/** The operations that may run: the named one, or all. */
export function operationsOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode[] {
  return document.definitions.filter(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (name === undefined || definition.name?.value === name),
  )
}

export function fragmentsOf(document: DocumentNode): FragmentDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
}

/**
 * The size of the largest operation. Fragments that no operation spreads count as well: validation walks them all the
 * same.
 */
export function measureDocument(document: DocumentNode): DocumentSize {
  const operations = operationsOf(document, undefined)
  const fragments = fragmentsOf(document)
  const walk = startWalk(fragments)
  const worst = noCounts()
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

// Of two fragments with one name only the last is ever spread, but validation walks both before it refuses them.
function isMeasured(walk: Walk, fragment: FragmentDefinitionNode): boolean {
  const name = fragment.name.value
  return walk.fragments.get(name) === fragment && walk.measured.has(name)
}

function measureRoot(walk: Walk, root: OperationDefinitionNode | FragmentDefinitionNode): Counts {
  const counts = noCounts()
  if (root.kind === Kind.FRAGMENT_DEFINITION && walk.fragments.get(root.name.value) === root) {
    absorb(counts, measureFragment(walk, root.name.value, 0))
  } else {
    counts.directives += root.directives?.length ?? 0
    addSelections(walk, root.selectionSet.selections, counts, 0)
  }
  closeSelection(counts)
  return counts
}

function measureFragment(walk: Walk, name: string, hops: number): Counts {
  const known = walk.measured.get(name)
  if (known !== undefined) return known
  const counts = noCounts()
  const fragment = walk.fragments.get(name)
  if (fragment === undefined) return counts
  if (walk.open.has(name)) {
    walk.cyclic = true
    return counts
  }
  walk.open.add(name)
  counts.directives += fragment.directives?.length ?? 0
  addSelections(walk, fragment.selectionSet.selections, counts, hops)
  walk.open.delete(name)
  walk.measured.set(name, counts)
  return counts
}

function addSelections(walk: Walk, selections: readonly SelectionNode[], into: Counts, hops: number): void {
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

function addSelection(walk: Walk, selection: SelectionNode, into: Counts, hops: number): void {
  switch (selection.kind) {
    case Kind.INLINE_FRAGMENT:
      return addSelections(walk, selection.selectionSet.selections, into, hops)
    case Kind.FRAGMENT_SPREAD:
      return absorb(into, measureFragment(walk, selection.name.value, hops))
    case Kind.FIELD:
      return addField(walk, selection, into, hops)
  }
}

function addField(walk: Walk, field: FieldNode, into: Counts, hops: number): void {
  const inner = noCounts()
  if (field.selectionSet !== undefined) addSelections(walk, field.selectionSet.selections, inner, hops)
  closeSelection(inner)
  absorb(into, enclosed(field, inner))
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0
  for (const count of counts.values()) total += count
  return Math.min(MOST_COUNTED, total)
}

/** Running counts of one selection set, fragments written out. */
type Counts = {
  fields: number
  depth: number
  aliases: number
  directives: number
  introspectionFields: number
  introspectionDepth: number
  repetitions: number
  /** How often each field name stands in this selection set itself, not below it. */
  top: Map<string, number>
}

function noCounts(): Counts {
  return {
    fields: 0,
    depth: 0,
    aliases: 0,
    directives: 0,
    introspectionFields: 0,
    introspectionDepth: 0,
    repetitions: 0,
    top: new Map(),
  }
}

const added = ['fields', 'aliases', 'directives', 'introspectionFields'] as const
const highest = ['depth', 'introspectionDepth', 'repetitions'] as const

/** The counts of a field, or of a fragment, become part of the selection set that it stands in. */
function absorb(into: Counts, part: Counts): void {
  for (const what of added) into[what] = Math.min(MOST_COUNTED, into[what] + part[what])
  for (const what of highest) into[what] = Math.max(into[what], part[what])
  for (const [name, count] of part.top)
    into.top.set(name, Math.min(MOST_COUNTED, (into.top.get(name) ?? 0) + count))
}

/** One field and everything below it. What lies below `__schema` or `__type` is counted apart. */
function enclosed({ name: { value: name }, alias }: FieldNode, inner: Counts): Counts {
  const isIntrospection = name === '__schema' || name === '__type'
  const [fields, apart] = isIntrospection ? [0, inner.fields] : [inner.fields, 0]
  return {
    fields: 1 + fields,
    depth: isIntrospection ? 1 : Math.min(MOST_COUNTED, inner.depth + 1),
    aliases: inner.aliases + (alias === undefined ? 0 : 1),
    directives: inner.directives,
    introspectionFields: inner.introspectionFields + apart,
    introspectionDepth: Math.max(inner.introspectionDepth, isIntrospection ? inner.depth : 0),
    repetitions: inner.repetitions,
    top: new Map([[name, 1]]),
  }
}

/** To be called once a selection set is complete: only then its own repetitions are known. */
function closeSelection(counts: Counts): void {
  for (const count of counts.top.values()) counts.repetitions = Math.max(counts.repetitions, count)
}

/** Keeps the larger of each count. */
function takeTheWorse(worst: Counts, other: Counts): void {
  for (const what of [...added, ...highest]) worst[what] = Math.max(worst[what], other[what])
  if (sum(other.top) > sum(worst.top)) worst.top = other.top
}
