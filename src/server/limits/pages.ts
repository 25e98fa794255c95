import { Kind } from 'graphql'
import type { DocumentNode, FieldNode, FragmentDefinitionNode, SelectionNode } from 'graphql'
import { CEILING, operationsOf, readArguments, type Variables } from './arguments.ts'

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
    const sizeOf = readArguments(operation, variables).pageSize
    const walk = { fragments, measured: new Map(), sizeOf, defaultPageSize: options.defaultPageSize }
    worst = Math.max(worst, worstOf(walk, operation.selectionSet.selections, 0).product)
  }
  return worst
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
