import {
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  BREAK,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type ASTVisitFn,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isScalarType,
} from 'graphql'

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

interface Place {
  /** From the field on, as in `createSolution.input.messaging`. Names only. */
  readonly path: string
  readonly type: GraphQLInputType | null | undefined
}

/** Where in the arguments of a query a node stands; null when it stands in none. */
function placeOf(schema: GraphQLSchema, document: DocumentNode, wanted: ASTNode): Place | null {
  const types = new TypeInfo(schema)
  let place: Place | null = null
  const enter: ASTVisitFn<ASTNode> = (node, _key, parent, _path, above) => {
    if (node !== wanted) return undefined
    const path = pathBelowField([...above, ...(parent === undefined ? [] : [parent])])
    if (path.length > 1) place = { path: path.join('.'), type: types.getInputType() }
    return BREAK
  }
  visit(document, visitWithTypeInfo(types, { enter }))
  return place
}

/** The names above a node, from the innermost field on. */
function pathBelowField(above: readonly (ASTNode | readonly ASTNode[])[]): string[] {
  const nodes = above.flatMap((one) => ('kind' in one ? [one] : []))
  const start = nodes.findLastIndex(({ kind }) => kind === Kind.FIELD)
  if (start < 0) return []
  return nodes.slice(start).flatMap((node) => ('name' in node && node.name ? [node.name.value] : []))
}

/** Of longer lists nothing is repeated: the schema has them. */
const longestList = 30

/**
 * A sentence with the values of an enum, or with the format of a scalar that names one: they stand in the schema and are
 * no secret. Else empty.
 */
export function allowedValues(type: GraphQLInputType | null | undefined): string {
  const named = type ? getNamedType(type) : null
  const format = isScalarType(named) ? named.extensions['format'] : undefined
  if (typeof format === 'string') return ` Format: ${format}.`
  if (!isEnumType(named)) return ''
  const names = named.getValues().map(({ name }) => name)
  return names.length > longestList ? '' : ` Allowed: ${names.join(', ')}.`
}
