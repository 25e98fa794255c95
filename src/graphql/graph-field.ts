import type { Ctx } from '../context.ts'
import type { FieldTree } from '../graph/fields.ts'
import { type FieldName, type GraphNodes, type GraphNodeType, rowOf, type Edges } from '../graph/nodes.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { firstPageSize, plan, type Need, selectedBelow } from './selection.ts'
import type { GraphQLResolveInfo } from 'graphql'
import type { Connection } from '../lib/connection.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { readEdge } from '../graph/endpoints/nodes.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import { connect, mapPage, pageSize, type ConnectionArgs } from '../reads/connect.ts'

// What the definition of a GraphQL field says of the Graph fields behind it. A query's selection is read with it, so what
// is not said here is never asked of Graph ahead; it is read when the field is resolved.

/** Needs these fields of its Graph node. */
export const needs = (need: Need) => ({ extensions: { need } })

/** Shows one field of its Graph node, as the row of `graph/nodes.ts` has it; null when Graph gives none. */
export const asSent = <T extends GraphNodeType, Name extends FieldName<T> & keyof GraphNodes[T]>(
  type: T,
  name: Name,
) => madeFrom(type, [name], (node): NonNullable<GraphNodes[T][Name]> | null => node[name] ?? null)

/** Shows what is made of some fields of its Graph node. */
export const madeFrom = <T extends GraphNodeType, R>(
  _: T,
  fields: FieldTree,
  show: (node: Partial<GraphNodes[T]>) => R,
) => ({
  ...needs(fields),
  resolve: (node: NodeHandle<T>, _: object, { reads }: Ctx): R | Promise<R> => node.read(reads, fields, show),
})

/** Leads to another node, with what is selected of it. */
export const needsNode = (name: string) => needs((field) => [{ name, fields: plan(field.below()) }])

/** Leads to a list, whose first page rides along; one that begins further on is read by itself. */
export const needsPage = (name: string) =>
  needs((field) => {
    const limit = firstPageSize(field)
    return limit === null ? [] : [{ name, limit, fields: plan(field.below('edges', 'node')) }]
  })

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
