import { getNamedType, isEnumType, isScalarType } from 'graphql'
import type { GraphQLInputType } from 'graphql'

/** Longer lists are for the schema to tell. */
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
