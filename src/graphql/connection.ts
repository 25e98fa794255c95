import type { Connection, PageInfo as PageInfoShape } from '../lib/connection.ts'
import { builder } from './builder.ts'

type Ref<T> = ReturnType<typeof builder.objectRef<T>>

const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more items follow.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description:
        'Whether items come before. Of a list that Graph gives, known only as: true after `after`.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'Cursor of the first item; null on an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description:
        'Cursor behind the last item: pass it as `after`. Null on an empty page that nothing follows; one that is empty and ' +
        'has a next page is where reading had to stop.',
    }),
  }),
})

/** `XConnection` and `XEdge` for a type. `items` names them in descriptions. */
export function connectionOf<T>(name: string, node: Ref<T>, items: string): Ref<Connection<T>> {
  const Edge = builder.objectRef<{ cursor: string; node: T }>(`${name}Edge`)
  Edge.implement({
    description: `A place in a page of ${items}.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: 'Where this item stands: pass it as `after` to go on behind it.',
      }),
      node: t.field({ type: node, description: 'The item itself.', resolve: (edge) => edge.node as never }),
    }),
  })
  const Page = builder.objectRef<Connection<T>>(`${name}Connection`)
  Page.implement({
    description: `A page of ${items}.`,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: 'The items of this page, in order.',
        resolve: (page) => page.edges,
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Where this page stands in the list.',
        resolve: (page) => page.pageInfo,
      }),
    }),
  })
  return Page
}

/** The paging arguments of lists that Graph gives: forward only. */
export const forwardArgs = builder.args((t) => ({
  first: t.int({ description: 'How many items, 1 to 100. 25 when left out.' }),
  after: t.string({
    description:
      'Cursor behind which the page begins; one of this list, with the same filter and order. It stands for the same place ' +
      'whatever comes or goes in the list, so no item that stays is left out or shown twice. Where that cannot be told any ' +
      'more, the error is LIST_CHANGED, and `extensions.resumeFrom` a cursor that leaves nothing out and may show some items ' +
      'again.',
  }),
}))

/** The paging arguments of the event log: both ways. */
export const bothWaysArgs = builder.args((t) => ({
  first: t.int({ description: 'How many events from the oldest on, 1 to 100. 25 when left out.' }),
  after: t.string({ description: 'Cursor behind which the page begins.' }),
  last: t.int({ description: 'How many events back from the newest, 1 to 100.' }),
  before: t.string({ description: 'Cursor before which the page ends.' }),
}))
