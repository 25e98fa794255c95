import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  getNullableType,
  type GraphQLInputField,
} from 'graphql'
import { mutations } from '../../writes/support/mutation-text.ts'

/** An input in which one thing is wrong. */
export interface BadInput {
  readonly what: string
  readonly input: Readonly<Record<string, unknown>>
  /** Who has to see it: the type system, or the gateway, at this field. */
  readonly refusedBy: 'GraphQL' | { readonly field: string }
}

type Input = Readonly<Record<string, unknown>>

const globalId = (type: string, key = '1'): string => Buffer.from(`${type}:${key}`).toString('base64url')

const noIds: readonly string[] = [
  // Of another type wherever it is given.
  globalId('OtherEvent'),
  globalId('Nothing'),
  'not an id',
  '1/accept',
  '../1',
  '1?fields=id',
  '-1',
  '1.0',
  '1'.repeat(21),
  '',
  '1\n',
  '1\u0000',
  '١٢٣',
]
const noTexts: readonly string[] = ['', '\u0000', 'line\nbreak', 'x'.repeat(20_000)]

/** All that can be wrong in one field at a time, by the types of the schema. */
export function badInputs(mutation: string, fine: Input): readonly BadInput[] {
  return Object.values(fieldsOf(mutation)).flatMap((field) => badFields(field, fine))
}

export function fieldsOf(mutation: string): Readonly<Record<string, GraphQLInputField>> {
  const [argument] = mutations[mutation]?.args ?? []
  const type = argument && getNamedType(argument.type)
  if (!isInputObjectType(type)) throw new Error(`${mutation} has no argument of an input type`)
  return type.getFields()
}

function badFields({ name, type, default: preset }: GraphQLInputField, fine: Input): readonly BadInput[] {
  const { [name]: given, ...without } = fine
  const byType = (value: unknown): BadInput => ({
    what: `${name}: ${JSON.stringify(value)}`,
    input: { ...fine, [name]: value },
    refusedBy: 'GraphQL',
  })
  const byUs = (value: unknown): BadInput => ({
    what: `${name}: ${JSON.stringify(value).slice(0, 60)}`,
    input: { ...fine, [name]: value },
    refusedBy: { field: name },
  })
  const wrongTypes = [{ object: 1 }, ...(isListType(getNullableType(type)) ? [] : [[given, given]])]
  const missing: BadInput = { what: `${name} is missing`, input: without, refusedBy: 'GraphQL' }
  return [
    // Whatever is JSON, GraphQL takes.
    ...wrongTypes.map(getNamedType(type).name === 'JSON' ? byUs : byType),
    ...(isNonNullType(type) ? [byType(null), ...(preset === undefined ? [missing] : [])] : []),
    ...badOfType({ name, type }).map((value) => (isEnumOrFlag(type) ? byType(value) : byUs(value))),
  ]
}

function isEnumOrFlag(type: GraphQLInputField['type']): boolean {
  const named = getNamedType(type)
  return isEnumType(named) || named.name === 'Boolean'
}

function badOfType({ name, type }: Pick<GraphQLInputField, 'name' | 'type'>): readonly unknown[] {
  const named = getNamedType(type)
  if (isEnumType(named)) return ['NO_SUCH_VALUE', 'usd', 1]
  if (named.name === 'Boolean') return ['yes', 1]
  if (isListType(getNullableType(type)))
    return [[], [''], ['\u0000'], Array.from({ length: 30 }, () => 'MANAGE')]
  if (!isScalarType(named)) return []
  return name.endsWith('Id') ? [...noIds, ...(name === 'appId' ? ['999'] : [])] : noTexts
}
