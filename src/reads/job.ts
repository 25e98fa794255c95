import { readNode, type GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { Endpoint, TokenKind } from '../graph/endpoint.ts'
import { printFields, type EdgeField, type FieldTree } from '../graph/fields.ts'
import type { GraphRead } from '../graph/graph.ts'
import type { Viewer } from '../graph/viewer.ts'
import { defaultPageSize } from './connect.ts'
import { definitionOf } from './definitions.ts'
import type { Lesson, Place } from './refusals.ts'
import { placeOf, type ListWant } from './want.ts'

/** What was left out of a call after Graph had refused it. Believed once the call has gone through without. */
export interface Doubt {
  readonly lessons: readonly Lesson[]
  /** How often something was left out. */
  readonly steps: number
  /** Graph named no field, so something was left out that may have had no part in it. */
  readonly isGuess: boolean
  /** What was to blame was found out, and nothing more is guessed. */
  readonly isLast: boolean
}

export interface NodeJob {
  readonly kind: 'node'
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly id: string
  readonly fields: FieldTree
  readonly doubt: Doubt | null
}

export interface EdgeJob {
  readonly kind: 'edge'
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly id: string
  readonly field: EdgeField
  readonly doubt: Doubt | null
}

export interface ListJob {
  readonly kind: 'list'
  readonly want: ListWant
  readonly fields: FieldTree
  readonly doubt: Doubt | null
}

/** One call to Graph, which counts as one unit. */
export type Job = NodeJob | EdgeJob | ListJob

export function viewerOf(job: Job): Viewer {
  return job.kind === 'list' ? job.want.viewer : job.viewer
}

export function placeOfJob(job: Job): Place {
  return placeOf(job.kind === 'list' ? job.want : job)
}

export function toRead(job: Job): GraphRead {
  switch (job.kind) {
    case 'node':
      return { endpoint: nodeEndpoint(job), as: job.viewer }
    case 'edge':
      return { endpoint: edgeEndpoint(job), as: job.viewer }
    case 'list':
      return { endpoint: job.want.endpoint(job.fields), as: job.want.viewer }
  }
}

function nodeEndpoint({ type, id, fields, viewer }: NodeJob): Endpoint<unknown> {
  return readNode(type, id, printFields(fields), tokenOf(viewer))
}

function edgeEndpoint({ type, id, field, viewer }: EdgeJob): Endpoint<unknown> {
  const { limit = defaultPageSize, fields = ['id'] } = field
  const edge = definitionOf(type, field.name).edge
  if (!edge) throw new TypeError(`There is no edge ${type}.${field.name}.`)
  return { ...edge(id, { limit, fields: printFields(fields) }), token: tokenOf(viewer) }
}

/** A customer's own data is read with the customer's token and no other. */
function tokenOf(viewer: Viewer): TokenKind {
  return viewer.customer ? 'business' : 'system'
}
