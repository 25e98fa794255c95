import type { GraphQLResolveInfo } from 'graphql'
import type { Connection } from '../lib/connection.ts'
import type { Ctx } from '../context.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { readEdge } from '../graph/endpoints/nodes.ts'
import { rowOf, type Edges, type GraphNodeType } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import { connect, mapPage, pageSize, type ConnectionArgs } from '../reads/connect.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { plan, selectedBelow } from './selection.ts'

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

interface Edge<T extends GraphNodeType, Name extends keyof Edges<T>, Shown> {
  readonly node: NodeHandle<T>
  readonly name: Name
  readonly show: (row: Edges<T>[Name], asked: FieldTree) => Shown
}

/** The same of an edge, whose first page may have come with its node. */
export async function edgeOf<
  T extends GraphNodeType,
  Name extends keyof Edges<T> & string,
  Shown extends { readonly id: string },
>(
  ctx: Ctx,
  args: ConnectionArgs,
  info: GraphQLResolveInfo,
  { node, name, show }: Edge<T, Name, Shown>,
): Promise<Connection<Shown>> {
  const list: GraphList<Edges<T>[Name], Shown> = {
    type: rowOf(node.type, name).of ?? '',
    fields: plan(selectedBelow(info, 'edges', 'node')),
    viewer: node.viewer,
    endpoint: (page) => readEdge(node.type, node.id, name, page),
    show,
  }
  if (args.after != null) return pageOf(ctx, args, list)
  const field = { name, limit: pageSize(args.first), fields: list.fields }
  const { page, asked } = await node.edge<Edges<T>[Name]>(ctx.reads, field)
  return pageOf(
    ctx,
    args,
    list,
    mapPage(page, (row) => show(row, asked)),
  )
}
