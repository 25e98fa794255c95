import { type TokenKind, viewerKey, type Viewer } from '../graph/viewer.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { readEdgeNamed, readNode } from '../graph/endpoints/nodes.ts'
import { type FieldTree, printFields, type Expansion, nameOf, mergeFields } from '../graph/fields.ts'
import type { GraphRead } from '../graph/graph.ts'
import { GraphError } from '../graph/error.ts'
import { rowOf, type GraphNodeType } from '../graph/nodes.ts'
import {
  type ReadScope,
  type UnsupportedField,
  type FieldRef,
  trim,
  type IsUnsupported,
} from './unsupported-fields.ts'
import { defaultPageSize } from './connect.ts'

interface Timed {
  /** When the search that it is a part of began, where its deadline is not the operation's. */
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

export type AnswerRow = Readonly<Record<string, unknown>>

/** An object as far as it could be read. */
export interface ReadNode {
  readonly node: AnswerRow
  /** What of the fields was asked and answered. */
  readonly asked: FieldTree
  /** Why the others were not, by name. */
  readonly failures: ReadonlyMap<string, GraphError>
  /** None of the fields could be read, each for a reason of its own: this is the first of them. */
  readonly refused?: GraphError
  /** Graph was asked for the rest in vain: this is what memory had. */
  readonly isRemembered?: true
}

/** A list, and what of the requested fields its rows were asked for. */
export interface ReadList {
  readonly value: unknown
  readonly asked: FieldTree
}

/** The scope of what is found out about this request, and not about the app as a whole. */
export function scopeOf(
  request: Pick<NodeRequest, 'id' | 'viewer'> | Pick<ListRequest, 'endpoint' | 'fields' | 'viewer'>,
): ReadScope {
  const viewer = viewerKey(request.viewer)
  if ('id' in request) return { key: `${viewer} ${request.id}`, ids: [request.id] }
  return { key: `${viewer} ${request.endpoint(request.fields).path.join('/')}`, ids: [] }
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

/** What was left out of a call after Graph had refused it. It counts as unsupported once the call has gone through without. */
export interface FieldFallback {
  readonly unsupported: readonly UnsupportedField[]
  /** How often something was left out. */
  readonly steps: number
  /** Graph named no field, so something was left out that may have had no part in it. */
  readonly isGuess: boolean
  /** Which fields are to blame was found out, and nothing more is guessed. */
  readonly isLast: boolean
}

export interface NodeCall {
  readonly kind: 'node'
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly id: string
  readonly fields: FieldTree
  readonly fallback: FieldFallback | null
}

export interface EdgeCall {
  readonly kind: 'edge'
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly id: string
  readonly field: Expansion
  readonly fallback: FieldFallback | null
}

export interface ListCall {
  readonly kind: 'list'
  readonly request: ListRequest
  readonly fields: FieldTree
  readonly fallback: FieldFallback | null
}

/** One call to Graph, which counts as one unit. */
export type GraphCall = NodeCall | EdgeCall | ListCall

export function viewerOf(call: GraphCall): Viewer {
  return call.kind === 'list' ? call.request.viewer : call.viewer
}

export function scopeOfCall(call: GraphCall): ReadScope {
  return scopeOf(call.kind === 'list' ? call.request : call)
}

export function toRead(call: GraphCall): GraphRead {
  switch (call.kind) {
    case 'node':
      return { endpoint: nodeEndpoint(call), as: call.viewer }
    case 'edge':
      return { endpoint: edgeEndpoint(call), as: call.viewer }
    case 'list':
      return { endpoint: call.request.endpoint(call.fields), as: call.request.viewer }
  }
}

function nodeEndpoint({ type, id, fields, viewer }: NodeCall): Endpoint<unknown> {
  return readNode(type, id, printFields(fields), tokenOf(viewer))
}

function edgeEndpoint({ type, id, field, viewer }: EdgeCall): Endpoint<unknown> {
  const { limit = defaultPageSize, fields = ['id'] } = field
  const page = { limit, fields: printFields(fields) }
  return { ...readEdgeNamed(type, id, field.name, page), token: tokenOf(viewer) }
}

/** A customer's own data is read with the customer's token and no other. */
function tokenOf(viewer: Viewer): TokenKind {
  return viewer.customer ? 'business' : 'system'
}

/** Why Graph does not take a field of an app, or in a scope; null when it does. */
export type SupportLookup = (appId: string, ref: FieldRef, scope?: ReadScope) => GraphError | null

/** A field of an object that cannot be had, or the object as a whole. */
export interface ReadFailure {
  readonly key: string
  readonly field: string | null
  readonly error: GraphError
}

export interface Plan {
  readonly calls: readonly GraphCall[]
  /** What is known to fail without a call. */
  readonly failures: readonly ReadFailure[]
}

/** The calls that answer the requests of one tick: one for each object, which Graph's client puts into batches. */
export function planReads(requests: readonly ReadRequest[], support: SupportLookup): Plan {
  const lists = requests
    .filter((request) => request.kind === 'list')
    .map((request) => planList(request, support))
  const objects = mergeByObject(requests.filter((request) => request.kind === 'node')).map((request) =>
    planObject(request, support),
  )
  return {
    calls: [
      ...lists,
      ...objects.flatMap(({ direct }) => direct ?? []),
      ...objects.flatMap(({ edges }) => edges),
    ],
    failures: objects.flatMap(({ failures }) => failures),
  }
}

/** Whether a field is unsupported for one viewer, and in one scope. */
export function isUnsupportedFor({ app }: Viewer, support: SupportLookup, scope?: ReadScope): IsUnsupported {
  return (ref) => support(app.appId, ref, scope) !== null
}

function planList(request: ListRequest, support: SupportLookup): GraphCall {
  const { type, fields, viewer } = request
  return {
    kind: 'list',
    request,
    fields:
      type === null ? fields : trim(type, fields, isUnsupportedFor(viewer, support, scopeOf(request))).kept,
    fallback: null,
  }
}

interface ObjectPlan {
  /** What the object itself is asked; null when nothing is left to ask it. */
  readonly direct: NodeCall | null
  readonly edges: readonly EdgeCall[]
  readonly failures: readonly ReadFailure[]
}

function planObject(request: NodeRequest, support: SupportLookup): ObjectPlan {
  const { type, id, viewer } = request
  const closed = closedTo(request)
  const open = request.fields.filter((field) => !closed.includes(nameOf(field)))
  const scope = scopeOf(request)
  const { kept, edges, lost } = trim(type, open, isUnsupportedFor(viewer, support, scope))
  const key = objectKey(request)
  const isSpared = edges.length + lost.length + closed.length > 0
  return {
    direct:
      isSpared && kept.every((field) => field === 'id')
        ? null
        : { kind: 'node', type, viewer, id, fields: kept, fallback: null },
    edges: edges.map((field) => ({ kind: 'edge', type, viewer, id, field, fallback: null })),
    failures: [
      ...lost.map((ref) => ({
        key,
        field: ref.field,
        error: support(viewer.app.appId, ref, scope) ?? unknown,
      })),
      ...closed.map((field) => ({ key, field, error: noToken })),
    ],
  }
}

function mergeByObject(requests: readonly NodeRequest[]): readonly NodeRequest[] {
  return [...Map.groupBy(requests, objectKey).values()].map(([first, ...others]) =>
    others.length === 0
      ? (first as NodeRequest)
      : {
          ...(first as NodeRequest),
          fields: mergeFields((first as NodeRequest).fields, ...others.map(({ fields }) => fields)),
        },
  )
}

/** Fields that only the customer's token opens, where there is no customer: never asked with a stronger one. */
function closedTo({ type, id, viewer, fields }: NodeRequest): readonly string[] {
  if (viewer.customer || id === viewer.app.businessId) return []
  return fields.map(nameOf).filter((field) => rowOf(type, field).token === 'business')
}

const noToken = new GraphError(
  'token',
  "This needs the customer's business token, and it is not known whose it is.",
)
const unknown = new GraphError('invalid', 'Graph does not take this field.', { code: 100 })
