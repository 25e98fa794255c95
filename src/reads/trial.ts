import type { GraphError } from '../graph/error.ts'
import { nameOf, type Field, type FieldTree } from '../graph/fields.ts'
import type { GraphOutcome } from '../graph/outcome-of.ts'
import { definitionOf, witnessOf } from './definitions.ts'
import type { GraphCall } from './graph-call.ts'
import { insideOf } from './judge-refusal.ts'
import { mergeFields } from './merge-fields.ts'
import type { UnsupportedField, FieldRef } from './unsupported-fields.ts'
import type { Trial } from './interpret.ts'
import { isRefusal } from './suspects.ts'

/** One field, asked for alone. */
interface Probe {
  readonly suspect: FieldRef
  readonly tree: FieldTree
  /** The field that it lies below. */
  readonly above: FieldRef | null
}

type Ask = (job: GraphCall) => Promise<GraphOutcome>

/**
 * Asks for nothing but the id, and for each field alone: a call that fails as a whole does not say why. Null when even the
 * bare call fails, so that no field is to blame. Where a permission is wanting, that is looked at first.
 */
export async function tryOut({ job, error }: Trial, ask: Ask): Promise<readonly UnsupportedField[] | null> {
  const bare = ask(withFields(job, []))
  if (error.kind === 'permission' && 'error' in (await bare)) return null
  const probes = probesIn(...insideOf(job))
  const outcomes = await Promise.all(probes.map(({ tree }) => ask(withFields(job, tree))))
  return 'error' in (await bare) ? null : lessonsOf(probes, outcomes)
}

/** Those that were refused, but for what only lies below one that was. */
function lessonsOf(probes: readonly Probe[], outcomes: readonly GraphOutcome[]): readonly UnsupportedField[] {
  const errors = new Map(probes.map(({ suspect }, index) => [suspect, refusalIn(outcomes[index])]))
  return probes.flatMap(({ suspect, above }) => {
    const error = errors.get(suspect)
    if (!error || (above && errors.get(above))) return []
    return [{ ...suspect, error, isOfPlace: error.kind === 'permission' }]
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
  const suspect = { type, field: nameOf(field) }
  const of = definitionOf(type, nameOf(field)).of
  if (typeof field === 'string' || !field.fields || of === undefined)
    return [{ suspect, tree: [field], above: null }]
  const inner = probesIn(of, field.fields).map((probe): Probe => ({
    ...probe,
    tree: [{ ...field, fields: mergeFields(['id'], probe.tree) }],
    above: probe.above ?? suspect,
  }))
  return [{ suspect, tree: [{ ...field, fields: ['id'] }], above: null }, ...inner]
}

function withFields(job: GraphCall, tree: FieldTree): GraphCall {
  switch (job.kind) {
    case 'list':
      return { ...job, fields: mergeFields(['id'], tree), doubt: null }
    case 'edge':
      return { ...job, field: { ...job.field, fields: mergeFields(['id'], tree) }, doubt: null }
    case 'node':
      return { ...job, fields: mergeFields(['id', witnessOf(job.type)], tree), doubt: null }
  }
}
