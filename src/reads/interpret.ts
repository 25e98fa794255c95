import { GraphError } from '../graph/error.ts'
import type { GraphOutcome } from '../graph/outcome-of.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { EdgeCall, GraphCall, NodeCall } from './graph-call.ts'
import { judgeRefusal } from './judge-refusal.ts'
import { leaveOut } from './leave-out.ts'
import type { Failure } from './plan.ts'
import type { UnsupportedField } from './unsupported-fields.ts'
import { isRefusal } from './suspects.ts'
import { objectKey, type ListRequest } from './read-request.ts'

type Row = Readonly<Record<string, unknown>>

export interface Answer {
  readonly job: NodeCall | EdgeCall
  readonly asked: FieldTree
  readonly row: Row
}

export interface ListAnswer {
  readonly want: ListRequest
  readonly fields: FieldTree
  readonly outcome: GraphOutcome
}

/** A call of which it has to be found out which of its fields Graph refuses. */
export interface Trial {
  readonly job: GraphCall
  readonly error: GraphError
}

/** What one call came to. */
export interface Step {
  readonly answers?: readonly Answer[]
  readonly lists?: readonly ListAnswer[]
  readonly failures?: readonly Failure[]
  /** What has to be asked on. */
  readonly again?: readonly GraphCall[]
  readonly trial?: Trial
  /** What Graph does not take, as the call that left it out has shown. */
  readonly learned?: readonly UnsupportedField[]
  /** Things were left out in vain: there it is not worth while. */
  readonly isGivenUp?: true
}

/**
 * Decides what an outcome means. A failure stays with its own object, and what was refused is asked another way;
 * `mayGuess` says whether that is worth while where Graph names no field.
 */
export function interpret(job: GraphCall, outcome: GraphOutcome, mayGuess: boolean): Step {
  if ('error' in outcome) return settleFailure(job, outcome.error, mayGuess)
  const learned = job.doubt?.lessons ?? []
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
function settleRow(job: NodeCall, row: Row): Step {
  if (row['id'] === job.id) return { answers: [{ job, asked: job.fields, row }] }
  return { failures: [{ key: objectKey(job), field: null, error: mistaken }] }
}

const mistaken = new GraphError('malformed', 'Graph answered with another object than was asked for.')

function settleFailure(job: GraphCall, error: GraphError, mayGuess: boolean): Step {
  const judgement = judgeRefusal(job, error, mayGuess)
  switch (judgement.do) {
    case 'leave-out':
      return leaveOut(job, judgement.doubt)
    case 'try':
      return { trial: { job, error } }
    case 'fail':
      return failed(job, error)
  }
}

/** The end of a call that failed. */
export function failed(job: GraphCall, error: GraphError): Step {
  const givenUp = job.doubt?.isGuess ? { isGivenUp: true as const } : {}
  switch (job.kind) {
    case 'list':
      return { ...givenUp, lists: [{ want: job.want, fields: job.fields, outcome: { error } }] }
    case 'edge': {
      const { type, field } = job
      const lesson: UnsupportedField = { type, field: field.name, edge: true, error, isOfPlace: true }
      const failures = [{ key: objectKey(job), field: field.name, error }]
      return { ...givenUp, failures, learned: isRefusal(error) ? [lesson] : [] }
    }
    case 'node':
      return { ...givenUp, failures: [{ key: objectKey(job), field: null, error }] }
  }
}
