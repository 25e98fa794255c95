import { Kind } from 'graphql'
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  ValueNode,
} from 'graphql'

export type Variables = Readonly<Record<string, unknown>>

type PageWalk = {
  fragments: Map<string, FragmentDefinitionNode>
  measured: Map<string, Pages>
  sizeOf: (field: FieldNode) => number | undefined
  defaultPageSize: number
}

type Pages = {
  /** Largest product of page sizes along one path. */
  product: number
  /** Whether the parent looks like a connection. */
  edges: boolean
}

const CEILING = 1_000_000_000
const MAX_HOPS = 500

/**
 * The most nodes one path of nested lists may ask for: `first` and `last` multiplied from the root down.
 * A field that selects `edges` or `nodes` without either counts as a page of `defaultPageSize`.
 */
export function measurePages(
  document: DocumentNode,
  variables: Variables,
  options: { defaultPageSize: number; operationName?: string | undefined },
): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  let worst = 1
  for (const operation of operationsOf(document, options.operationName)) {
    const sizeOf = pageSizeReader(operation, variables)
    const walk = { fragments, measured: new Map(), sizeOf, defaultPageSize: options.defaultPageSize }
    worst = Math.max(worst, worstOf(walk, operation.selectionSet.selections, 0).product)
  }
  return worst
}

function operationsOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode[] {
  return document.definitions.filter(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (name === undefined || definition.name?.value === name),
  )
}

function pageSizeReader(operation: OperationDefinitionNode, variables: Variables): PageWalk['sizeOf'] {
  const defaults = new Map(
    operation.variableDefinitions?.map((definition) => [
      definition.variable.name.value,
      definition.defaultValue,
    ]),
  )
  const read = (value: ValueNode | undefined): number | undefined => {
    if (value?.kind === Kind.INT) return positive(Number(value.value))
    if (value?.kind !== Kind.VARIABLE) return undefined
    const name = value.name.value
    return Object.hasOwn(variables, name) ? positive(variables[name]) : read(defaults.get(name))
  }
  return (field) => {
    const sizes = (field.arguments ?? [])
      .filter(({ name }) => name.value === 'first' || name.value === 'last')
      .map(({ value }) => read(value) ?? 0)
    const largest = Math.max(0, ...sizes)
    return largest === 0 ? undefined : largest
  }
}

// Anything but a positive number is the schema's to refuse.
function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? Math.min(CEILING, value) : undefined
}

function worstOf(walk: PageWalk, selections: readonly SelectionNode[], hops: number): Pages {
  const worst: Pages = { product: 1, edges: false }
  if (hops > MAX_HOPS) return worst
  for (const selection of selections) {
    const pages = pagesOf(walk, selection, hops + 1)
    worst.product = Math.max(worst.product, pages.product)
    worst.edges ||= pages.edges
  }
  return worst
}

function pagesOf(walk: PageWalk, selection: SelectionNode, hops: number): Pages {
  switch (selection.kind) {
    case Kind.INLINE_FRAGMENT:
      return worstOf(walk, selection.selectionSet.selections, hops)
    case Kind.FRAGMENT_SPREAD:
      return fragmentPages(walk, selection.name.value, hops)
    case Kind.FIELD:
      return fieldPages(walk, selection, hops)
  }
}

function fieldPages(walk: PageWalk, field: FieldNode, hops: number): Pages {
  const inner = worstOf(walk, field.selectionSet?.selections ?? [], hops)
  const size = walk.sizeOf(field) ?? (inner.edges ? walk.defaultPageSize : 1)
  const name = field.name.value
  return { product: Math.min(CEILING, size * inner.product), edges: name === 'edges' || name === 'nodes' }
}

function fragmentPages(walk: PageWalk, name: string, hops: number): Pages {
  const known = walk.measured.get(name)
  if (known !== undefined) return known
  // Stands for the fragment while it is open, so that a cycle ends.
  walk.measured.set(name, { product: 1, edges: false })
  const pages = worstOf(walk, walk.fragments.get(name)?.selectionSet.selections ?? [], hops)
  walk.measured.set(name, pages)
  return pages
}
