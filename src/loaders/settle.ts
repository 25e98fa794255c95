import { GraphError } from '../graph/error.ts'
import type { EdgeField, FieldTree } from '../graph/fields.ts'
import type { GraphOutcome } from '../graph/graph.ts'
import { witnessOf } from './definitions.ts'
import type { Doubt, EdgeJob, Job, NodeJob } from './job.ts'
import { mergeFields } from './merge-fields.ts'
import type { Failure } from './plan.ts'
import type { Suspect } from './refusals.ts'
import { expansionsIn, fieldRefused, isRefusal, spareable, suspectsOf } from './suspects.ts'
import { trim } from './trim.ts'
import { objectKey, type ListWant } from './want.ts'

type Row = Readonly<Record<string, unknown>>

export interface Answer {
  readonly job: NodeJob | EdgeJob
  readonly asked: FieldTree
  readonly row: Row
}

export interface ListAnswer {
  readonly want: ListWant
  readonly fields: FieldTree
  readonly outcome: GraphOutcome
}

/** What one call came to. */
export interface Step {
  readonly answers?: readonly Answer[]
  readonly lists?: readonly ListAnswer[]
  readonly failures?: readonly Failure[]
  /** What has to be asked on. */
  readonly again?: readonly Job[]
  /** What Graph does not take, as the call that left it out has shown. */
  readonly learned?: Doubt | null
}

/** Decides what an outcome means. A failure stays with its own object, and what was refused is asked another way. */
export function settle(job: Job, outcome: GraphOutcome): Step {
  if ('error' in outcome) return settleFailure(job, outcome.error)
  const learned = job.doubt
  switch (job.kind) {
    case 'list':
      return { learned, lists: [{ want: job.want, fields: job.fields, outcome }] }
    case 'edge': {
      const row = { [job.field.name]: outcome.value }
      return { learned, answers: [{ job, asked: [job.field], row }] }
    }
    case 'node':
      return { learned, ...settleRow(job, outcome.value as Row) }
  }
}

/** An answer about another object than the one that was asked for is nobody's. */
function settleRow(job: NodeJob, row: Row): Step {
  if (row['id'] === job.id) return { answers: [{ job, asked: job.fields, row }] }
  return { failures: [{ key: objectKey(job), field: null, error: mistaken }] }
}

const mistaken = new GraphError('malformed', 'Graph answered with another object than was asked for.')

function settleFailure(job: Job, error: GraphError): Step {
  const doubt = doubtAfter(job, error)
  if (doubt) return withoutSuspects(job, doubt)
  switch (job.kind) {
    case 'list':
      return { lists: [{ want: job.want, fields: job.fields, outcome: { error } }] }
    case 'edge':
      return { failures: [{ key: objectKey(job), field: job.field.name, error }] }
    case 'node':
      return { failures: [{ key: objectKey(job), field: null, error }] }
  }
}

/** What to leave out next; null when the failure is not about what was asked for. */
function doubtAfter(job: Job, error: GraphError): Doubt | null {
  const type = typeOf(job)
  if (type === null) return null
  const fields = fieldsOf(job)
  const more = (suspects: readonly Suspect[], vague: boolean): Doubt | null =>
    suspects.length === 0
      ? null
      : { suspects: [...(job.doubt?.suspects ?? []), ...suspects], refusal: error, vague }
  // An expansion asks for the permissions of all that lies below it, and fails as a whole.
  if (error.kind === 'permission' && mayGuess(job)) return more(expansionsIn(type, fields), true)
  if (!isRefusal(error)) return null
  const named = suspectsOf(error, type, fields)
  if (named.length > 0) return more(named, job.doubt?.vague ?? false)
  if (fieldRefused(error) !== null || !mayGuess(job)) return null
  const expansions = expansionsIn(type, fields)
  return expansions.length > 0 ? more(expansions, false) : more(spareable(type, fields), true)
}

/** Of a later page its cursor may be to blame. */
function mayGuess(job: Job): boolean {
  if (job.kind === 'node') return true
  return job.kind === 'list' && job.want.endpoint(job.fields).query?.['after'] === undefined
}

function typeOf(job: Job): string | null {
  if (job.kind === 'list') return job.want.type
  return job.type
}

function fieldsOf(job: Job): FieldTree {
  return job.kind === 'edge' ? [job.field] : job.fields
}

function withoutSuspects(job: Job, doubt: Doubt): Step {
  const isRefused = (type: string, field: string): boolean => has(doubt.suspects, type, field)
  switch (job.kind) {
    case 'list': {
      const { kept } = trim(job.want.type ?? '', job.fields, isRefused)
      return { again: [{ ...job, fields: mergeFields(['id'], kept), doubt }] }
    }
    case 'edge': {
      const { kept } = trim(job.type, [job.field], isRefused)
      // The edge itself is what Graph does not know.
      if (kept.length === 0)
        return { failures: [{ key: objectKey(job), field: job.field.name, error: doubt.refusal }] }
      return { again: [{ ...job, field: kept[0] as EdgeField, doubt }] }
    }
    case 'node':
      return nodeWithout(job, doubt, isRefused)
  }
}

function nodeWithout(job: NodeJob, doubt: Doubt, isRefused: (type: string, field: string) => boolean): Step {
  const { kept, edges, lost } = trim(job.type, job.fields, isRefused)
  // What only this type has stays in, so that an object of another type does not pass and nothing wrong is learned.
  const fields = mergeFields(['id', witnessOf(job.type)], kept)
  const { type, viewer, id } = job
  const apart = edges.map((field): EdgeJob => ({ kind: 'edge', type, viewer, id, field, doubt: null }))
  return {
    again: [{ ...job, fields, doubt }, ...apart],
    failures: lost.map((field) => ({ key: objectKey(job), field, error: doubt.refusal })),
  }
}

function has(suspects: readonly Suspect[], type: string, field: string): boolean {
  return suspects.some((suspect) => suspect.type === type && suspect.field === field)
}
