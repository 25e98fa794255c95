import { invalidInput, type InvalidInputProblemType } from '../errors/problem.ts'
import { parseId, type GlobalType } from './ids.ts'

type Types = Readonly<Record<string, GlobalType>>
type Ids<T extends Types> = { readonly [K in keyof T]: string | null }

/** Of these the id says which one is meant and no more: who acts is named beside it, or found by its part in a solution. */
const onlyNamed: ReadonlySet<GlobalType> = new Set(['App', 'Solution'])

/**
 * The Meta ids in an input, by field; null where none was given. Where `appId` is left out, it is the app that the global
 * ids name. The first that cannot be an id, or that names another app than is to act, is the problem.
 */
export function readIds<T extends Types>(
  input: Readonly<Record<string, unknown>>,
  types: T,
): Ids<T> | InvalidInputProblemType {
  const ids: Record<string, string | null> = {}
  const views: { readonly field: string; readonly appId: string }[] = []
  for (const [field, type] of Object.entries(types)) {
    const given = input[field]
    const parsed = typeof given === 'string' ? parseId(type, given) : { id: null, appId: null }
    if ('problem' in parsed) return invalidInput(['input', field], parsed.problem)
    ids[field] = parsed.id
    if (parsed.appId !== null && !onlyNamed.has(type)) views.push({ field, appId: parsed.appId })
  }
  const acting = ids['appId'] ?? views[0]?.appId ?? null
  const other = views.find(({ appId }) => appId !== acting)
  if (other)
    return invalidInput(
      ['input', other.field],
      `This id is as app ${other.appId} sees it, and app ${acting} is to act.`,
    )
  return { ...ids, ...('appId' in types && { appId: acting }) } as Ids<T>
}

export const isProblem = (value: object): value is InvalidInputProblemType =>
  'type' in value && value.type === 'InvalidInputProblem'
