import type { GraphError } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import { definitionOf } from './definitions.ts'
import type { FieldFallback, GraphCall } from './graph-call.ts'
import type { UnsupportedField, FieldRef } from './unsupported-fields.ts'
import { expansionsIn, fieldRefused, isRefusal, spareable, suspectsOf } from './suspects.ts'

export type Judgement =
  /** To be asked again without. */
  | { readonly do: 'leave-out'; readonly doubt: FieldFallback }
  /** Which of its fields are to blame has to be found out. */
  | { readonly do: 'try' }
  /** The failure is not about what was asked for, or stands. */
  | { readonly do: 'fail' }

const fail: Judgement = { do: 'fail' }
const tryOut: Judgement = { do: 'try' }

/** So many refused fields are left out one after the other; if there are more, all are found at once. */
const oneByOne = 2

/** What follows from a refusal: of a field, or of who knows what. */
export function judgeRefusal(job: GraphCall, error: GraphError, mayGuess: boolean): Judgement {
  const root = rootOf(job)
  if (root === null) return fail
  const named = isRefusal(error) ? suspectsOf(error, ...root) : []
  if (named.length > 0)
    return (job.doubt?.steps ?? 0) < oneByOne || !canTry(job) ? without(job, named, error, false) : tryOut
  if (!isVague(error) || !mayGuess || !canTry(job)) return fail
  const [type, tree] = insideOf(job, root)
  const expansions = expansionsIn(type, tree)
  if (expansions.length > 0) return without(job, expansions, error, true)
  // For want of a permission it is mostly the object itself that is closed.
  const least = error.kind === 'permission' ? 2 : 1
  return spareable(type, tree).length < least ? fail : tryOut
}

/** An expansion asks for the permissions of all that lies below it, and one field can want one more than the others. */
const isVague = (error: GraphError): boolean =>
  error.kind === 'permission' || (isRefusal(error) && fieldRefused(error) === null)

/** Of a later page its cursor may be to blame. */
function canTry(job: GraphCall): boolean {
  if (job.doubt?.isLast) return false
  return job.kind !== 'list' || job.want.endpoint(job.fields).query?.['after'] === undefined
}

function without(
  job: GraphCall,
  suspects: readonly FieldRef[],
  error: GraphError,
  isGuess: boolean,
): Judgement {
  const { doubt } = job
  const isOfPlace = error.kind === 'permission'
  const lessons = suspects.map((suspect): UnsupportedField => ({ ...suspect, error, isOfPlace }))
  return {
    do: 'leave-out',
    doubt: {
      lessons: [...(doubt?.lessons ?? []), ...lessons],
      steps: (doubt?.steps ?? 0) + 1,
      isGuess: isGuess || (doubt?.isGuess ?? false),
      isLast: doubt?.isLast ?? false,
    },
  }
}

type Root = readonly [type: string, tree: FieldTree]

function rootOf(job: GraphCall): Root | null {
  if (job.kind === 'edge') return [job.type, [job.field]]
  if (job.kind === 'node') return [job.type, job.fields]
  return job.want.type === null ? null : [job.want.type, job.fields]
}

/** What may be left out while the call remains one: of an edge, what is asked of its rows. */
export function insideOf(job: GraphCall, root: Root | null = rootOf(job)): Root {
  if (job.kind !== 'edge') return root ?? ['', []]
  return [definitionOf(job.type, job.field.name).of ?? '', job.field.fields ?? []]
}
