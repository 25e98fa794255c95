import { GraphQLError } from 'graphql'

// graphql-js ends its messages about literals with the literal: `…, found: {token: "x"}.`, `… value: "x"`.
const echoes: readonly [RegExp, string][] = [
  [/(, but encountered error .*)?[,;] found: .*$/s, '.'],
  [/\bvalue: .*$/s, 'value.'],
  [/^Value ".*" does not exist in/s, 'Value does not exist in'],
]

/** The same validation error without the value it complains about. */
export function withoutValue(error: GraphQLError): GraphQLError {
  const message = echoes.reduce((text, [echo, instead]) => text.replace(echo, instead), error.message)
  if (message === error.message) return error
  return new GraphQLError(message, { nodes: error.nodes, extensions: error.extensions })
}
