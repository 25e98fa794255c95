import { readNode, type GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { Endpoint, TokenKind } from '../graph/endpoint.ts'
import { printFields, type EdgeField, type FieldTree } from '../graph/fields.ts'
import type { GraphRead } from '../graph/graph.ts'
import type { Viewer } from '../graph/viewer.ts'
import { defaultPageSize } from './connect.ts'
import { definitionOf } from './definitions.ts'
import type { UnsupportedField, ReadScope } from './unsupported-fields.ts'
import { scopeOf, type ListRequest } from './read-request.ts'

/** What was left out of a call after Graph had refused it. Believed once the call has gone through without. */
export interface FieldFallback {
  readonly lessons: readonly UnsupportedField[]
  /** How often something was left out. */
  readonly steps: number
  /** Graph named no field, so something was left out that may have had no part in it. */
  readonly isGuess: boolean
  /** What was to blame was found out, and nothing more is guessed. */
  readonly isLast: boolean
}

export interface NodeCall {
  readonly kind: 'node'
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly id: string
  readonly fields: FieldTree
  readonly doubt: FieldFallback | null
}

export interface EdgeCall {
  readonly kind: 'edge'
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly id: string
  readonly field: EdgeField
  readonly doubt: FieldFallback | null
}

export interface ListCall {
  readonly kind: 'list'
  readonly want: ListRequest
  readonly fields: FieldTree
  readonly doubt: FieldFallback | null
}

/** One call to Graph, which counts as one unit. */
export type GraphCall = NodeCall | EdgeCall | ListCall

export function viewerOf(job: GraphCall): Viewer {
  return job.kind === 'list' ? job.want.viewer : job.viewer
}

export function scopeOfCall(job: GraphCall): ReadScope {
  return scopeOf(job.kind === 'list' ? job.want : job)
}

export function toRead(job: GraphCall): GraphRead {
  switch (job.kind) {
    case 'node':
      return { endpoint: nodeEndpoint(job), as: job.viewer }
    case 'edge':
      return { endpoint: edgeEndpoint(job), as: job.viewer }
    case 'list':
      return { endpoint: job.want.endpoint(job.fields), as: job.want.viewer }
  }
}

function nodeEndpoint({ type, id, fields, viewer }: NodeCall): Endpoint<unknown> {
  return readNode(type, id, printFields(fields), tokenOf(viewer))
}

function edgeEndpoint({ type, id, field, viewer }: EdgeCall): Endpoint<unknown> {
  const { limit = defaultPageSize, fields = ['id'] } = field
  const edge = definitionOf(type, field.name).edge
  if (!edge) throw new TypeError(`There is no edge ${type}.${field.name}.`)
  return { ...edge(id, { limit, fields: printFields(fields) }), token: tokenOf(viewer) }
}

/** A customer's own data is read with the customer's token and no other. */
function tokenOf(viewer: Viewer): TokenKind {
  return viewer.customer ? 'business' : 'system'
}
