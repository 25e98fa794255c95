import { Kind } from 'graphql'
import type { DocumentNode, FieldNode, SelectionNode } from 'graphql'
import { CEILING, operationsOf, readArguments, type ArgumentReader, type Variables } from './arguments.ts'
import { Fragments, MAX_HOPS } from './fragments.ts'

type PageWalk = {
  fragments: Fragments<Pages>
  reader: ArgumentReader
  defaultPageSize: number
}

type Pages = {
  /** Largest product of page sizes along one path. */
  product: number
  /** Whether the parent looks like a connection. */
  edges: boolean
}

const none: Pages = { product: 1, edges: false }

/**
 * The most nodes one path of nested lists may ask for: `first` and `last` multiplied from the root down.
 * A field that selects `edges` or `nodes` without either counts as a page of `defaultPageSize`.
 */
export function measurePages(
  document: DocumentNode,
  variables: Variables,
  options: { defaultPageSize: number; operationName?: string | undefined },
): number {
  let worst = 1
  for (const operation of operationsOf(document, options.operationName)) {
    const reader = readArguments(operation, variables)
    const fragments = new Fragments(document, none)
    const walk = { fragments, reader, defaultPageSize: options.defaultPageSize }
    worst = Math.max(worst, worstOf(walk, operation.selectionSet.selections, 0).product)
  }
  return worst
}

function worstOf(walk: PageWalk, selections: readonly SelectionNode[], hops: number): Pages {
  const worst = { ...none }
  if (hops > MAX_HOPS) return worst
  for (const selection of selections) {
    if (walk.reader.isLeftOut(selection)) continue
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
      return walk.fragments.find(selection.name.value, ({ selectionSet }) =>
        worstOf(walk, selectionSet.selections, hops),
      )
    case Kind.FIELD:
      return fieldPages(walk, selection, hops)
  }
}

function fieldPages(walk: PageWalk, field: FieldNode, hops: number): Pages {
  const inner = worstOf(walk, field.selectionSet?.selections ?? [], hops)
  const size = walk.reader.pageSize(field) ?? (inner.edges ? walk.defaultPageSize : 1)
  const name = field.name.value
  return { product: Math.min(CEILING, size * inner.product), edges: name === 'edges' || name === 'nodes' }
}
