import { GraphError, type GraphOutcome } from '../graph/error.ts'
import { type FieldTree, type Expansion, mergeFields } from '../graph/fields.ts'
import {
  type EdgeCall,
  type GraphCall,
  type NodeCall,
  type ReadFailure,
  objectKey,
  type ListRequest,
  type FieldFallback,
  type AnswerRow,
} from './plan.ts'
import {
  type UnsupportedField,
  type FieldRef,
  isRefusal,
  expansionsIn,
  fieldRefused,
  spareable,
  refusedIn,
  namedIn,
  trim,
} from './unsupported-fields.ts'
import { rowOf, witnessOf } from '../graph/nodes.ts'

export interface NodeAnswer {
  readonly call: NodeCall | EdgeCall
  readonly asked: FieldTree
  readonly row: AnswerRow
}

export interface ListAnswer {
  readonly request: ListRequest
  readonly fields: FieldTree
  readonly outcome: GraphOutcome
}

/** A call of which it has to be found out which of its fields Graph refuses. */
export interface FieldProbe {
  readonly call: GraphCall
  readonly error: GraphError
}

/** What follows from one call: what it brought, and what has to be asked next. */
export interface NextStep {
  readonly answers?: readonly NodeAnswer[]
  readonly lists?: readonly ListAnswer[]
  readonly failures?: readonly ReadFailure[]
  /** What has to be asked next. */
  readonly again?: readonly GraphCall[]
  readonly probe?: FieldProbe
  /** What Graph does not take, as the call that left it out has shown. */
  readonly learned?: readonly UnsupportedField[]
  /** Fields were left out in vain: nothing more is guessed in this scope. */
  readonly isGivenUp?: true
}

/**
 * Decides what an outcome means. A failure stays with its own object, and what was refused is asked another way;
 * `mayGuess` says whether that is worth while where Graph names no field.
 */
export function interpret(call: GraphCall, outcome: GraphOutcome, mayGuess: boolean): NextStep {
  if ('error' in outcome) return interpretFailure(call, outcome.error, mayGuess)
  const learned = call.fallback?.unsupported ?? []
  switch (call.kind) {
    case 'list':
      return { learned, lists: [{ request: call.request, fields: call.fields, outcome }] }
    case 'edge': {
      const row = { [call.field.name]: outcome.value }
      return { learned, answers: [{ call, asked: [call.field], row }] }
    }
    case 'node':
      return { learned, ...interpretRow(call, outcome.value as AnswerRow) }
  }
}

/** An answer about another object than the one that was asked for is nobody's. */
function interpretRow(call: NodeCall, row: AnswerRow): NextStep {
  if (row['id'] === call.id) return { answers: [{ call, asked: call.fields, row }] }
  return { failures: [{ key: objectKey(call), field: null, error: mistaken }] }
}

const mistaken = new GraphError('malformed', 'Graph answered with another object than was asked for.')

function interpretFailure(call: GraphCall, error: GraphError, mayGuess: boolean): NextStep {
  const verdict = judgeRefusal(call, error, mayGuess)
  switch (verdict.do) {
    case 'leave-out':
      return leaveOut(call, verdict.fallback)
    case 'probe':
      return { probe: { call, error } }
    case 'fail':
      return failed(call, error)
  }
}

/** What follows from a probe: null when no field is to blame, so that the failure stands. */
export function afterProbe({ call, error }: FieldProbe, found: readonly UnsupportedField[] | null): NextStep {
  if (found === null) return { ...failed(call, error), isGivenUp: true }
  const { fallback } = call
  const unsupported = [...(fallback?.unsupported ?? []), ...found]
  return leaveOut(call, { unsupported, steps: fallback?.steps ?? 0, isGuess: true, isLast: true })
}

/** The end of a call that failed. */
function failed(call: GraphCall, error: GraphError): NextStep {
  const givenUp = call.fallback?.isGuess ? { isGivenUp: true as const } : {}
  switch (call.kind) {
    case 'list':
      return { ...givenUp, lists: [{ request: call.request, fields: call.fields, outcome: { error } }] }
    case 'edge': {
      const { type, field } = call
      const unsupported: UnsupportedField = { type, field: field.name, edge: true, error, isOfScope: true }
      const failures = [{ key: objectKey(call), field: field.name, error }]
      return { ...givenUp, failures, learned: isRefusal(error) ? [unsupported] : [] }
    }
    case 'node':
      return { ...givenUp, failures: [{ key: objectKey(call), field: null, error }] }
  }
}

type RefusalVerdict =
  /** The call goes again without these fields. */
  | { readonly do: 'leave-out'; readonly fallback: FieldFallback }
  /** Which of the fields are to blame has to be found out. */
  | { readonly do: 'probe' }
  /** The failure is not about the fields, or there is nothing left to leave out. */
  | { readonly do: 'fail' }

const fail: RefusalVerdict = { do: 'fail' }
const probe: RefusalVerdict = { do: 'probe' }

/** So many refused fields are left out one after the other; if there are more, all are found at once. */
const oneByOne = 2

/** What follows from a refusal that names a field, or from one that names none. */
function judgeRefusal(call: GraphCall, error: GraphError, mayGuess: boolean): RefusalVerdict {
  const root = rootOf(call)
  if (root === null) return fail
  const named = isRefusal(error) ? refusedIn(error, ...root) : []
  if (named.length > 0)
    return (call.fallback?.steps ?? 0) < oneByOne || !canProbe(call)
      ? without(call, named, error, false)
      : probe
  if (!isVague(error) || !mayGuess || !canProbe(call)) return fail
  const [type, tree] = insideOf(call, root)
  const expansions = expansionsIn(type, tree)
  if (expansions.length > 0) return without(call, expansions, error, true)
  // When a permission is missing, it is mostly the object itself that is closed.
  const least = error.kind === 'permission' ? 2 : 1
  return spareable(type, tree).length < least ? fail : probe
}

/** An expansion needs the permissions of all that lies below it, and one field can need one more than the others. */
const isVague = (error: GraphError): boolean =>
  error.kind === 'permission' || (isRefusal(error) && fieldRefused(error) === null)

/** Of a later page its cursor may be to blame. */
function canProbe(call: GraphCall): boolean {
  if (call.fallback?.isLast) return false
  return call.kind !== 'list' || call.request.endpoint(call.fields).query?.['after'] === undefined
}

function without(
  call: GraphCall,
  refs: readonly FieldRef[],
  error: GraphError,
  isGuess: boolean,
): RefusalVerdict {
  const { fallback } = call
  const isOfScope = error.kind === 'permission'
  const unsupported = refs.map((ref): UnsupportedField => ({ ...ref, error, isOfScope }))
  return {
    do: 'leave-out',
    fallback: {
      unsupported: [...(fallback?.unsupported ?? []), ...unsupported],
      steps: (fallback?.steps ?? 0) + 1,
      isGuess: isGuess || (fallback?.isGuess ?? false),
      isLast: fallback?.isLast ?? false,
    },
  }
}

type Root = readonly [type: string, tree: FieldTree]

function rootOf(call: GraphCall): Root | null {
  if (call.kind === 'edge') return [call.type, [call.field]]
  if (call.kind === 'node') return [call.type, call.fields]
  return call.request.type === null ? null : [call.request.type, call.fields]
}

/** What may be left out while the call remains one: of an edge, what is asked of its rows. */
export function insideOf(call: GraphCall, root: Root | null = rootOf(call)): Root {
  if (call.kind !== 'edge') return root ?? ['', []]
  return [rowOf(call.type, call.field.name).of ?? '', call.field.fields ?? []]
}

/** The same call without the fields that were refused, and those of them that can be read as edges. */
function leaveOut(call: GraphCall, fallback: FieldFallback): NextStep {
  const whyUnsupported = (ref: FieldRef) =>
    fallback.unsupported.find((unsupported) => isSame(unsupported, ref))
  const isRefused = (ref: FieldRef): boolean => whyUnsupported(ref) !== undefined
  switch (call.kind) {
    case 'list': {
      const { kept } = trim(call.request.type ?? '', call.fields, isRefused)
      return { again: [{ ...call, fields: mergeFields(['id'], kept), fallback }] }
    }
    case 'edge': {
      const { kept } = trim(call.type, [call.field], isRefused)
      const [field] = kept as readonly Expansion[]
      return field ? { again: [{ ...call, field, fallback }] } : edgeUnsupported(call, whyUnsupported)
    }
    case 'node':
      return nodeWithout(call, fallback, isRefused)
  }
}

type FindUnsupported = (ref: FieldRef) => UnsupportedField | undefined

/** The edge itself is what Graph does not know: on every object of the type, if it says of which. */
function edgeUnsupported(call: EdgeCall, whyUnsupported: FindUnsupported): NextStep {
  const { type, field } = call
  const unsupported = whyUnsupported({ type, field: field.name })
  if (!unsupported) return {}
  const isOfScope = namedIn(unsupported.error)?.type !== type
  return {
    failures: [{ key: objectKey(call), field: field.name, error: unsupported.error }],
    learned: [{ ...unsupported, edge: true, isOfScope }],
  }
}

function nodeWithout(
  call: NodeCall,
  fallback: FieldFallback,
  isRefused: (ref: FieldRef) => boolean,
): NextStep {
  const { kept, edges, lost } = trim(call.type, call.fields, isRefused)
  // What only this type has stays in, so that an object of another type does not pass and nothing wrong is learned.
  const fields = mergeFields(['id', witnessOf(call.type)], kept)
  const { type, viewer, id } = call
  const apart = edges.map((field): EdgeCall => ({ kind: 'edge', type, viewer, id, field, fallback: null }))
  return {
    again: [{ ...call, fields, fallback }, ...apart],
    failures: lost.flatMap((ref) =>
      fallback.unsupported
        .filter((unsupported) => isSame(unsupported, ref))
        .map(({ field, error }) => ({ key: objectKey(call), field, error })),
    ),
  }
}

const isSame = (one: FieldRef, other: FieldRef): boolean =>
  one.type === other.type && one.field === other.field && one.edge === other.edge
