import type { Connection } from '../lib/connection.ts'
import type { Ctx } from '../context.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import type { GraphNodeType } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import { connect, mapPage, pageSize, type ConnectionArgs } from '../reads/connect.ts'
import type { NodeHandle } from '../reads/node-handle.ts'

type PageCall = { readonly limit: number; readonly after: string | undefined; readonly fields: string }

export interface GraphList<Row, T> {
  /** What its rows are. */
  readonly type: string
  readonly fields: FieldTree
  readonly viewer: Viewer
  readonly endpoint: (page: PageCall) => Endpoint<Page<Row>>
  /** A row of it, and what it was asked for. */
  readonly show: (row: Row, asked: FieldTree) => T
}

/** A page of a list that Graph gives. */
export function pageOf<Row, T extends { readonly id: string }>(
  ctx: Ctx,
  args: ConnectionArgs,
  list: GraphList<Row, T>,
  brought: Page<T> | null = null,
): Promise<Connection<T>> {
  const { type, fields, viewer, endpoint, show } = list
  const fetch = async (limit: number, after: string | null, isOutdated: boolean): Promise<Page<T>> => {
    const call = (text: string) => endpoint({ limit, after: after ?? undefined, fields: text })
    const { page, asked } = await ctx.reads.page(type, fields, call, viewer, isOutdated)
    return mapPage(page, (row) => show(row, asked))
  }
  return connect(args, { name: () => nameOf(endpoint), fetch }, brought)
}

/** The same for every page of a list, whatever is asked of its rows; of another list, filter or order another one. */
function nameOf(endpoint: (page: PageCall) => Endpoint<unknown>): string {
  const { path, query } = endpoint({ limit: 1, after: undefined, fields: 'id' })
  return JSON.stringify([path, { ...query, fields: undefined, limit: undefined }])
}

/** The same of an edge, whose first page may have come with its node. */
export async function edgeOf<Row, T extends { readonly id: string }>(
  ctx: Ctx,
  args: ConnectionArgs,
  {
    node,
    name,
    ...list
  }: GraphList<Row, T> & { readonly node: NodeHandle<GraphNodeType>; readonly name: string },
): Promise<Connection<T>> {
  if (args.after != null) return pageOf(ctx, args, list)
  const field = { name, limit: pageSize(args.first), fields: list.fields }
  const { page, asked } = await node.edge<Row>(ctx.reads, field)
  return pageOf(
    ctx,
    args,
    list,
    mapPage(page, (row) => list.show(row, asked)),
  )
}
