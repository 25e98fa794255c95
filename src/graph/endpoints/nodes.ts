import type { ZodType } from 'zod'
import type { TokenKind } from '../viewer.ts'
import { get, type Endpoint } from '../endpoint.ts'
import { nodes, rowOf, type Edges, type GraphNodes, type GraphNodeType } from '../nodes.ts'
import type { Page } from '../paging.ts'

/** GET /{id}. Several that are read at once are items of one batch: `?ids=` has been gone since 2026-10-27. */
export const readNode = <T extends GraphNodeType>(
  type: T,
  nodeId: string,
  fields: string,
  token: TokenKind,
): Endpoint<GraphNodes[T]> => ({
  ...get(pathOf(type, nodeId), { fields }, nodes[type].shape as unknown as ZodType<GraphNodes[T]>, token),
  node: type,
})

const pathOf = (type: GraphNodeType, nodeId: string): readonly string[] =>
  type === 'PhoneNumber' ? numberPath(nodeId) : [nodeId]

interface PageArgs {
  readonly limit: number
  readonly after?: string | undefined
  readonly fields: string
}

/** GET /{id}/{edge}: a page of an edge by itself. */
export const readEdge = <T extends GraphNodeType, Name extends keyof Edges<T> & string>(
  type: T,
  nodeId: string,
  name: Name,
  page: PageArgs,
): Endpoint<Page<Edges<T>[Name]>> => readEdgeNamed(type, nodeId, name, page) as Endpoint<Page<Edges<T>[Name]>>

export function readEdgeNamed(
  type: string,
  nodeId: string,
  name: string,
  { limit, after, fields }: PageArgs,
): Endpoint<Page<unknown>> {
  const { edge } = rowOf(type, name)
  if (!edge) throw new TypeError(`There is no edge ${type}.${name}.`)
  return get([nodeId, name], { limit: String(limit), after, fields }, edge)
}

/**
 * Where a call about a business phone number goes: its id, and an edge. Meta's page "Updates to WhatsApp Business accounts"
 * announces for 2028 that every path takes the id of the number's WhatsApp account in place of the number's; here is the
 * one place that this changes.
 */
export const numberPath = (addressId: string, ...edge: readonly string[]): readonly string[] => [
  addressId,
  ...edge,
]
