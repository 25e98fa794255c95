import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'
import { schema } from '../../../src/api/schema.ts'

type Field = GraphQLField<unknown, unknown>

/** What a field needs to be asked at all, by `Type.field`. */
export type Arguments = Readonly<Record<string, string>>

/** Everything that a type has, as a selection: of other nodes their id alone. */
export function selectAll(typeName: string, given: Arguments): string {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`)
  return Object.values(type.getFields())
    .map((field) => select(type, field, given))
    .join(' ')
}

function select(parent: GraphQLObjectType, field: Field, given: Arguments): string {
  const call = `${field.name}${given[`${parent.name}.${field.name}`] ?? ''}`
  if (call === field.name && field.args.some(isRequiredArgument))
    throw new Error(`${parent.name}.${field.name} needs arguments: name them`)
  return `${call} ${below(getNamedType(field.type), given)}`
}

function below(type: GraphQLNamedType, given: Arguments): string {
  if (!isCompositeType(type)) return ''
  if (!isObjectType(type) || isNode(type))
    return isInterfaceType(type) || isNode(type) ? '{ id }' : '{ __typename }'
  return `{ ${selectAll(type.name, given)} }`
}

const isNode = (type: GraphQLNamedType): boolean =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')

/** Every field of objects that takes a cursor, as `Type.field`. */
export const pagedFields: readonly string[] = Object.values(schema.getTypeMap()).flatMap((type) =>
  isObjectType(type) && type !== schema.getSubscriptionType()
    ? Object.values(type.getFields())
        .filter(({ args }) => args.some(({ name }) => name === 'after'))
        .map(({ name }) => `${type.name}.${name}`)
    : [],
)
