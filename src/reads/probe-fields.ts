import type { GraphError, GraphOutcome } from '../graph/error.ts'
import { nameOf, type Field, type FieldTree, mergeFields } from '../graph/fields.ts'
import { rowOf, witnessOf } from '../graph/nodes.ts'
import type { GraphCall } from './plan.ts'
import { insideOf, type FieldProbe } from './interpret.ts'
import { type UnsupportedField, type FieldRef, isRefusal } from './unsupported-fields.ts'

/** One field, asked for alone. */
interface Probe {
  readonly ref: FieldRef
  readonly tree: FieldTree
  /** The field that it lies below. */
  readonly above: FieldRef | null
}

type Dispatch = (call: GraphCall) => Promise<GraphOutcome>

/**
 * Asks for nothing but the id, and for each field alone: a call that fails as a whole does not say why. Null when even the
 * bare call fails, so that no field is to blame. Where a permission is missing, the bare call goes first.
 */
export async function findUnsupported(
  { call, error }: FieldProbe,
  ask: Dispatch,
): Promise<readonly UnsupportedField[] | null> {
  const bare = ask(withFields(call, []))
  if (error.kind === 'permission' && 'error' in (await bare)) return null
  const probes = probesIn(...insideOf(call))
  const outcomes = await Promise.all(probes.map(({ tree }) => ask(withFields(call, tree))))
  return 'error' in (await bare) ? null : unsupportedIn(probes, outcomes)
}

/** Those that were refused, but for what only lies below one that was. */
function unsupportedIn(
  probes: readonly Probe[],
  outcomes: readonly GraphOutcome[],
): readonly UnsupportedField[] {
  const errors = new Map(probes.map(({ ref }, index) => [ref, refusalIn(outcomes[index])]))
  return probes.flatMap(({ ref, above }) => {
    const error = errors.get(ref)
    if (!error || (above && errors.get(above))) return []
    return [{ ...ref, error, isOfScope: error.kind === 'permission' }]
  })
}

function refusalIn(outcome: GraphOutcome | undefined): GraphError | null {
  if (!outcome || !('error' in outcome)) return null
  const { error } = outcome
  return isRefusal(error) || error.kind === 'permission' ? error : null
}

/** Each field by itself, and each below another one with nothing else of that. */
function probesIn(type: string, tree: FieldTree): readonly Probe[] {
  return tree
    .filter((field) => nameOf(field) !== 'id' && nameOf(field) !== witnessOf(type))
    .flatMap((field) => probesOf(type, field))
}

function probesOf(type: string, field: Field): readonly Probe[] {
  const ref = { type, field: nameOf(field) }
  const of = rowOf(type, nameOf(field)).of
  if (typeof field === 'string' || !field.fields || of === undefined)
    return [{ ref, tree: [field], above: null }]
  const inner = probesIn(of, field.fields).map((probe): Probe => ({
    ...probe,
    tree: [{ ...field, fields: mergeFields(['id'], probe.tree) }],
    above: probe.above ?? ref,
  }))
  return [{ ref, tree: [{ ...field, fields: ['id'] }], above: null }, ...inner]
}

function withFields(call: GraphCall, tree: FieldTree): GraphCall {
  switch (call.kind) {
    case 'list':
      return { ...call, fields: mergeFields(['id'], tree), fallback: null }
    case 'edge':
      return { ...call, field: { ...call.field, fields: mergeFields(['id'], tree) }, fallback: null }
    case 'node':
      return { ...call, fields: mergeFields(['id', witnessOf(call.type)], tree), fallback: null }
  }
}
