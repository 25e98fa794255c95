import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../graphql/builder.ts'
import { loadNode } from './load-node.ts'
import { Node } from '../graphql/node.ts'
import { refuse } from '../graphql/refuse.ts'
import { selectedOf, type SelectedField } from '../graphql/selection.ts'

const maxNodes = 100

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its global id; null when the caller can see no such thing.',
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_, { id }, ctx, info) => loadNode(ctx, id, selectionIn(info)),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'Several things by their global ids, in that order; null in the place of each that cannot be had.',
    args: { ids: t.arg.idList({ required: true, description: 'Global ids, 100 at most.' }) },
    resolve: (_, { ids }, ctx, info) => {
      if (ids.length > maxNodes) throw refuse('INVALID_INPUT', `ids: ${maxNodes} at most.`)
      const selected = selectionIn(info)
      // An error in one place stays in that place.
      return Promise.all(
        ids.map((id) => loadNode(ctx, id, selected).catch((error: unknown) => error as never)),
      )
    },
  }),
}))

/** What is selected of each type, looked for once for however many ids. */
function selectionIn(info: GraphQLResolveInfo): (type: string) => readonly SelectedField[] {
  const known = new Map<string, readonly SelectedField[]>()
  return (type) => {
    const selected = known.get(type) ?? selectedOf(info, type)
    known.set(type, selected)
    return selected
  }
}
