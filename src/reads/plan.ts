import { GraphError } from '../graph/error.ts'
import { nameOf } from '../graph/fields.ts'
import type { Viewer } from '../graph/viewer.ts'
import { definitionOf } from './definitions.ts'
import type { EdgeCall, GraphCall, NodeCall } from './graph-call.ts'
import { mergeFields } from './merge-fields.ts'
import type { ReadScope, FieldRef } from './unsupported-fields.ts'
import { trim, type IsRefused } from './trim.ts'
import { objectKey, scopeOf, type ListRequest, type NodeRequest, type ReadRequest } from './read-request.ts'

/** Why Graph does not take something of an app, or there; null when it does. */
export type SupportLookup = (appId: string, suspect: FieldRef, place?: ReadScope) => GraphError | null

/** A field of an object that cannot be had, or the object as a whole. */
export interface Failure {
  readonly key: string
  readonly field: string | null
  readonly error: GraphError
}

export interface Plan {
  readonly jobs: readonly GraphCall[]
  /** What is known to fail without a call. */
  readonly failures: readonly Failure[]
}

/** The calls that answer what was wanted at one time: one for each object, which Graph's client puts into batches. */
export function planReads(wants: readonly ReadRequest[], refusal: SupportLookup): Plan {
  const lists = wants.filter((want) => want.kind === 'list').map((want) => planList(want, refusal))
  const objects = mergeByObject(wants.filter((want) => want.kind === 'node')).map((want) =>
    planObject(want, refusal),
  )
  return {
    jobs: [
      ...lists,
      ...objects.flatMap(({ direct }) => direct ?? []),
      ...objects.flatMap(({ edges }) => edges),
    ],
    failures: objects.flatMap(({ failures }) => failures),
  }
}

/** As it is for one viewer, and at one place. */
export function isRefusedTo({ app }: Viewer, refusal: SupportLookup, place?: ReadScope): IsRefused {
  return (suspect) => refusal(app.appId, suspect, place) !== null
}

function planList(want: ListRequest, refusal: SupportLookup): GraphCall {
  const { type, fields, viewer } = want
  return {
    kind: 'list',
    want,
    fields: type === null ? fields : trim(type, fields, isRefusedTo(viewer, refusal, scopeOf(want))).kept,
    doubt: null,
  }
}

interface ObjectPlan {
  /** What the object itself is asked; null when nothing is left to ask it. */
  readonly direct: NodeCall | null
  readonly edges: readonly EdgeCall[]
  readonly failures: readonly Failure[]
}

function planObject(want: NodeRequest, refusal: SupportLookup): ObjectPlan {
  const { type, id, viewer } = want
  const closed = closedTo(want)
  const open = want.fields.filter((field) => !closed.includes(nameOf(field)))
  const place = scopeOf(want)
  const { kept, edges, lost } = trim(type, open, isRefusedTo(viewer, refusal, place))
  const key = objectKey(want)
  const isSpared = edges.length + lost.length + closed.length > 0
  return {
    direct:
      isSpared && kept.every((field) => field === 'id')
        ? null
        : { kind: 'node', type, viewer, id, fields: kept, doubt: null },
    edges: edges.map((field) => ({ kind: 'edge', type, viewer, id, field, doubt: null })),
    failures: [
      ...lost.map((suspect) => ({
        key,
        field: suspect.field,
        error: refusal(viewer.app.appId, suspect, place) ?? unknown,
      })),
      ...closed.map((field) => ({ key, field, error: noToken })),
    ],
  }
}

function mergeByObject(wants: readonly NodeRequest[]): readonly NodeRequest[] {
  return [...Map.groupBy(wants, objectKey).values()].map(([first, ...others]) =>
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
  return fields.map(nameOf).filter((field) => definitionOf(type, field).token === 'business')
}

const noToken = new GraphError(
  'token',
  "This needs the customer's business token, and it is not known whose it is.",
)
const unknown = new GraphError('invalid', 'Graph does not take this field.', { code: 100 })
