import { invalidInput, type InvalidInputProblem } from '../errors/problem.ts'
import { parseId, type NodeType } from './ids.ts'

type Types = Readonly<Record<string, NodeType>>

/** The Meta ids in an input, by field; null where none was given. The first that cannot be one is the problem. */
export function readIds<T extends Types>(
  input: Readonly<Record<string, unknown>>,
  types: T,
): { readonly [K in keyof T]: string | null } | InvalidInputProblem {
  const ids: Record<string, string | null> = {}
  for (const [field, type] of Object.entries(types)) {
    const given = input[field]
    const parsed = typeof given === 'string' ? parseId(type, given) : { id: null }
    if ('problem' in parsed) return invalidInput(['input', field], parsed.problem)
    ids[field] = parsed.id
  }
  return ids as { readonly [K in keyof T]: string | null }
}

export const isProblem = (value: object): value is InvalidInputProblem =>
  'type' in value && value.type === 'InvalidInputProblem'
