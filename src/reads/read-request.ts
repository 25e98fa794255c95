import type { Endpoint } from '../graph/endpoint.ts'
import type { GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import { viewerKey, type Viewer } from '../graph/viewer.ts'
import type { ReadScope } from './unsupported-fields.ts'

interface Timed {
  /** When that began which it is a part of, where that is not the operation. */
  readonly begun?: number
}

/** Fields of one object. */
export interface NodeRequest extends Timed {
  readonly kind: 'node'
  readonly type: GraphNodeType
  readonly id: string
  readonly viewer: Viewer
  readonly fields: FieldTree
}

/** Whatever is not an object by its id: a page of an edge, a list. */
export interface ListRequest extends Timed {
  readonly kind: 'list'
  readonly viewer: Viewer
  /** What the rows are; null when the call has fields of its own that are not to be touched. */
  readonly type: string | null
  readonly fields: FieldTree
  readonly endpoint: (fields: FieldTree) => Endpoint<unknown>
}

export type ReadRequest = NodeRequest | ListRequest

/** Where a lesson belongs that is not of the app as a whole. */
export function scopeOf(
  want: Pick<NodeRequest, 'id' | 'viewer'> | Pick<ListRequest, 'endpoint' | 'fields' | 'viewer'>,
): ReadScope {
  const viewer = viewerKey(want.viewer)
  if ('id' in want) return { key: `${viewer} ${want.id}`, ids: [want.id] }
  return { key: `${viewer} ${want.endpoint(want.fields).path.join('/')}`, ids: [] }
}

// The viewer is part of every key: two viewers may see different data under one id.
export function objectKey({ type, id, viewer }: Omit<NodeRequest, 'kind' | 'fields'>): string {
  return `${viewerKey(viewer)} ${type} ${id}`
}

/** Asked for several times on the way of a read; an endpoint is made for one, and never changes. */
export function endpointKey(endpoint: Endpoint<unknown>, viewer: Viewer): string {
  const known = keys.get(endpoint)
  if (known?.viewer === viewer) return known.key
  const { method, token, path, query, body } = endpoint
  const key = JSON.stringify([viewerKey(viewer), method, token, path, query, body])
  keys.set(endpoint, { viewer, key })
  return key
}

const keys = new WeakMap<Endpoint<unknown>, { readonly viewer: Viewer; readonly key: string }>()
