import { GraphQLError } from 'graphql'
import { parseId, type NodeType } from './ids.ts'
import type { ProblemCode } from '../errors/problem.ts'

/** An expected refusal of a query or subscription; its message and code reach the client as they are. */
export function refuse(code: ProblemCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** The Meta id in an argument; an id of another type is refused by name. */
export function readId(type: NodeType, argument: string, text: string): string {
  const parsed = parseId(type, text)
  if ('id' in parsed) return parsed.id
  throw refuse('INVALID_INPUT', `${argument}: ${parsed.problem}`)
}

export function readOptionalId(
  type: NodeType,
  argument: string,
  text: string | null | undefined,
): string | null {
  return text == null ? null : readId(type, argument, text)
}
