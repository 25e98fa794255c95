import { GraphQLError } from 'graphql'
import type { AppConfig } from '../config/config.ts'
import { appsNamed, type Ctx } from '../context.ts'
import { parseId, type GlobalType } from './ids.ts'
import type { ProblemCode } from '../errors/problem.ts'

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
