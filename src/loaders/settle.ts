import { scopeOf } from '../graph/budget/stop.ts'
import { GraphError } from '../graph/error.ts'
import type { EdgeField, FieldTree } from '../graph/fields.ts'
import type { GraphOutcome } from '../graph/graph.ts'
import { witnessOf } from './definitions.ts'
import type { Doubt, EdgeJob, Job, NodesJob } from './job.ts'
import { mergeFields } from './merge-fields.ts'
import type { Failure } from './plan.ts'
import type { Suspect } from './refusals.ts'
import { expansionsIn, fieldRefused, isRefusal, spareable, suspectsOf } from './suspects.ts'
import { trim } from './trim.ts'
import { objectKey, type ListWant } from './want.ts'

type Row = Readonly<Record<string, unknown>>

export interface Answer {
  readonly job: NodesJob | EdgeJob
  readonly id: string
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
      return { learned, answers: [{ job, id: job.id, asked: [job.field], row }] }
    }
    case 'nodes':
      return { learned, ...settleNodes(job, outcome.value as Row) }
  }
}

function settleNodes(job: NodesJob, value: Row): Step {
  const [first = '', ...others] = job.ids
  if (others.length === 0) return settleRow(job, first, value)
  const [there, absent] = [
    job.ids.filter((id) => value[id] !== undefined),
    job.ids.filter((id) => value[id] === undefined),
  ]
  // Some say that Graph leaves an unreadable id out. Asked alone it says why.
  const again = absent.map((id) => alone(job, id))
  const steps = there.map((id) => settleRow(job, id, value[id] as Row))
  return {
    answers: steps.flatMap(({ answers = [] }) => answers),
    failures: steps.flatMap(({ failures = [] }) => failures),
    again,
  }
}

/** An answer about another object than the one that was asked for is nobody's. */
function settleRow(job: NodesJob, id: string, row: Row): Step {
  if (row['id'] === id) return { answers: [{ job, id, asked: job.fields, row }] }
  return { answers: [], failures: [{ key: objectKey({ ...job, id }), field: null, error: mistaken }] }
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
    case 'nodes':
      // Whether one unreadable id fails all of an `ids` call is documented nowhere.
      if (job.ids.length > 1 && concernsOneId(error)) return { again: job.ids.map((id) => alone(job, id)) }
      return { failures: job.ids.map((id) => ({ key: objectKey({ ...job, id }), field: null, error })) }
  }
}

const alone = (job: NodesJob, id: string): NodesJob => ({ ...job, ids: [id], fields: job.whole, doubt: null })

function concernsOneId(error: GraphError): boolean {
  const { kind, code, httpStatus } = error
  // Limits of a token or of an app hold for all ids, and so may a bare 429; our own count is of one object.
  if (kind === 'throttled')
    return scopeOf(error) === 'object' && (code !== undefined || httpStatus === undefined)
  return kind === 'not-found' || kind === 'permission' || kind === 'invalid' || kind === 'malformed'
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

/** Of several ids one may be to blame, and of a later page its cursor. */
function mayGuess(job: Job): boolean {
  if (job.kind === 'nodes') return job.ids.length === 1
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
    case 'nodes':
      return nodesWithout(job, doubt, isRefused)
  }
}

function nodesWithout(
  job: NodesJob,
  doubt: Doubt,
  isRefused: (type: string, field: string) => boolean,
): Step {
  const { kept, edges, lost } = trim(job.type, job.fields, isRefused)
  // What only this type has stays in, so that an object of another type does not pass and nothing wrong is learned.
  const fields = mergeFields(['id', witnessOf(job.type)], kept)
  const { type, viewer, ids } = job
  return {
    again: [
      { ...job, fields, doubt },
      ...ids.flatMap((id) =>
        edges.map((field): EdgeJob => ({ kind: 'edge', type, viewer, id, field, doubt: null })),
      ),
    ],
    failures: ids.flatMap((id) =>
      lost.map((field) => ({ key: objectKey({ ...job, id }), field, error: doubt.refusal })),
    ),
  }
}

function has(suspects: readonly Suspect[], type: string, field: string): boolean {
  return suspects.some((suspect) => suspect.type === type && suspect.field === field)
}
