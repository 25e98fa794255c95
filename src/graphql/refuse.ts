import { GraphQLError } from 'graphql'
import type { AppConfig } from '../config/config.ts'
import { appsNamed, type Ctx } from '../context.ts'
import { parseId, type GlobalType } from './ids.ts'
import { type ProblemCode, invalidInput, type InvalidInputProblemType } from '../errors/problem.ts'

/** An expected refusal of a query or subscription; its message and code reach the client as they are. */
export function refuse(code: ProblemCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** The Meta id in an argument; an id of another type is refused by name. */
export function readId(type: GlobalType, argument: string, text: string): string {
  const parsed = parseId(type, text)
  if ('id' in parsed) return parsed.id
  throw refuse('INVALID_INPUT', `${argument}: ${parsed.problem}`)
}

/** What an argument names, and whose view of it. */
export interface View {
  readonly id: string
  /** The app that the global id names; null of a bare id. */
  readonly appId: string | null
  /** The apps that may see it: the one that is named, or all of the caller's. */
  readonly apps: readonly AppConfig[]
}

export function readView(ctx: Pick<Ctx, 'actor'>, type: GlobalType, argument: string, text: string): View {
  const parsed = parseId(type, text)
  if ('problem' in parsed) throw refuse('INVALID_INPUT', `${argument}: ${parsed.problem}`)
  return { ...parsed, apps: appsNamed(ctx, parsed.appId) }
}

export function readOptionalId(
  type: GlobalType,
  argument: string,
  text: string | null | undefined,
): string | null {
  return text == null ? null : readId(type, argument, text)
}

type Types = Readonly<Record<string, GlobalType>>
type Ids<T extends Types> = { readonly [K in keyof T]: string | null }

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
    if (parsed.appId !== null && type !== 'App') views.push({ field, appId: parsed.appId })
  }
  // What apps may do with a solution differs, and `Solution.actions` offers it of each: another one may be named.
  const bound = views.filter(({ field }) => types[field] !== 'Solution')
  const acting = ids['appId'] ?? bound[0]?.appId ?? views[0]?.appId ?? null
  const other = bound.find(({ appId }) => appId !== acting)
  if (other)
    return invalidInput(
      ['input', other.field],
      `This id is as app ${other.appId} sees it, and app ${acting} is to act.`,
    )
  return { ...ids, ...('appId' in types && { appId: acting }) } as Ids<T>
}

export const isProblem = (value: object): value is InvalidInputProblemType =>
  'type' in value && value.type === 'InvalidInputProblem'
