import { getNamedType, isEnumType } from 'graphql'
import type { GraphQLInputType } from 'graphql'

/** Longer lists are for the schema to tell. */
const longestList = 30

/** Where an enum is wanted, a sentence with its values: they stand in the schema and are no secret. Else empty. */
export function allowedValues(type: GraphQLInputType | null | undefined): string {
  const named = type ? getNamedType(type) : null
  if (!isEnumType(named)) return ''
  const names = named.getValues().map(({ name }) => name)
  return names.length > longestList ? '' : ` Allowed: ${names.join(', ')}.`
}
