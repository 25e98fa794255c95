import { GraphQLError } from 'graphql'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { allowedValues } from './allowed.ts'
import { placeOf } from './place.ts'

// graphql-js ends its messages about literals with the literal: `…, found: {token: "x"}.`, `… value: "x"`.
const echoes: readonly [RegExp, string][] = [
  [/(, but encountered error .*)?[,;] found: .*$/s, '.'],
  [/\bvalue: .*$/s, 'value.'],
  [/^Value ".*" does not exist in/s, 'The value does not exist in'],
]

/** The same validation error with the place of the value that it complains about, and without the value. */
export function withoutValue(
  schema: GraphQLSchema,
  document: DocumentNode,
  error: GraphQLError,
): GraphQLError {
  const message = echoes.reduce((text, [echo, instead]) => text.replace(echo, instead), error.message)
  if (message === error.message) return error
  const [node] = error.nodes ?? []
  const place = node ? placeOf(schema, document, node) : null
  const where = place ? ` At ${place.path}.${allowedValues(place.type)}` : ''
  return new GraphQLError(message.replace(/\.?$/, '.') + where, {
    nodes: error.nodes,
    extensions: error.extensions,
  })
}
