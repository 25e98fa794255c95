import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'
import { schema } from '../../writes/support/mutation-text.ts'

/** Below each field so many more objects are selected. */
const depth = 2

/** A query for each field of a type, below `entry`, e.g. `clientWaba(id: "1")`. */
export function queriesOf(typeName: string, entry: string): readonly string[] {
  const fields = Object.values(objectType(typeName).getFields()).filter(isPlain)
  return fields.map((field) => `{ ${entry} { __typename ... on ${typeName} { ${select(field, depth)} } } }`)
}

/** All that a field's answer can tell. */
export function selectionOf(typeName: string, below = depth): string {
  const type = schema.getType(typeName)
  return type ? selectType(type, below) : ''
}

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name)
  if (!isObjectType(type)) throw new Error(`There is no type ${name}`)
  return type
}

const isPlain = (field: GraphQLField<unknown, unknown>): boolean => !field.args.some(isRequiredArgument)

function select(field: GraphQLField<unknown, unknown>, below: number): string {
  const type = getNamedType(field.type)
  const args = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : ''
  if (isLeafType(type)) return field.name
  const isConnection = /(?:Connection|Edge)$/.test(type.name)
  const inside = selectType(type, isConnection ? below : below - 1)
  return `${field.name}${args} { __typename ${inside} }`
}

function selectType(type: GraphQLNamedType, below: number): string {
  if (isAbstractType(type)) {
    const types = schema.getPossibleTypes(type)
    return types.map((one) => `... on ${one.name} { __typename ${selectLeaves(one, types)} }`).join(' ')
  }
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).filter(isPlain)
  return fields
    .filter((field) => below > 0 || isLeafType(getNamedType(field.type)))
    .map((field) => select(field, below))
    .join(' ')
}

/** Under a name of its own where another of the types has it with another type. */
function selectLeaves(type: GraphQLObjectType, all: readonly GraphQLObjectType[]): string {
  const leaves = Object.values(type.getFields()).filter(
    (field) => isPlain(field) && isLeafType(getNamedType(field.type)),
  )
  const isAlike = ({ name, type: own }: GraphQLField<unknown, unknown>): boolean =>
    all.every((one) => String(one.getFields()[name]?.type ?? own) === String(own))
  return leaves
    .filter(({ name }) => name !== 'id' && name !== 'kind')
    .map((field) => (isAlike(field) ? field.name : `${type.name}_${field.name}: ${field.name}`))
    .join(' ')
}
