import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql'
import { schema } from '../../../src/api/schema.ts'
import type { Json } from '../../writes/support/play.ts'
import { selectAll, type Arguments } from './select-all.ts'

/** A node as one query showed it, and the way to it. */
export interface Sighting {
  readonly path: string
  readonly node: Json & { readonly __typename: string; readonly id: string }
}

export type Ask = (query: string) => Promise<Json>

/** Every type with a global id. */
export const nodeTypes: readonly string[] = schema
  .getPossibleTypes(schema.getType('Node') as never)
  .map(({ name }) => name)

const isNode = (type: GraphQLNamedType): boolean => nodeTypes.includes(type.name)

/** All that a node shows of itself, and the ids of those that it leads to. */
const whole = (typeName: string, given: Arguments): string => `__typename ${selectAll(typeName, given)}`

const itself = (id: string, typeName: string, given: Arguments): string =>
  `{ node(id: "${id}") { ... on ${typeName} { ${whole(typeName, given)} } } }`

/** A field that leads to nodes, with all that they show; null of one that leads to none. */
function leading(parent: string, field: GraphQLField<unknown, unknown>, given: Arguments): string | null {
  const argument = given[`${parent}.${field.name}`] ?? ''
  if (argument === '' && field.args.some(isRequiredArgument)) return null
  const inner = toNodes(getNamedType(field.type), given)
  return inner === '' ? null : `${field.name}${argument} { ${inner} }`
}

function toNodes(type: GraphQLNamedType, given: Arguments): string {
  if (!isCompositeType(type)) return ''
  if (isNode(type)) return whole(type.name, given)
  // Of an event what all events have.
  if (isInterfaceType(type)) return '__typename id kind source occurredAt appId'
  if (!isObjectType(type)) return ''
  const parts = Object.values(type.getFields()).map((field) => leading(type.name, field, given))
  return parts.filter((part) => part !== null).join(' ')
}

/** Every node in an answer that shows itself. */
export function sightingsIn(value: unknown, path: string): readonly Sighting[] {
  if (Array.isArray(value)) return value.flatMap((item) => sightingsIn(item, path))
  if (typeof value !== 'object' || value === null) return []
  const below = Object.entries(value).flatMap(([key, inner]) => sightingsIn(inner, `${path}.${key}`))
  const isShown = '__typename' in value && 'id' in value && nodeTypes.includes(String(value.__typename))
  return isShown ? [{ path, node: value as unknown as Sighting['node'] }, ...below] : below
}

const pathsAt = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/"id":"([^"]+)"/g)].map((match) => match[1] as string)

const typeIn = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[0] ?? ''

/** Goes from some queries to every node that can be reached, through every field that leads to one. */
export async function crawl(
  ask: Ask,
  given: Arguments,
  roots: readonly string[],
): Promise<{ readonly nodes: ReadonlyMap<string, Json>; readonly sightings: readonly Sighting[] }> {
  const nodes = new Map<string, Json>()
  const sightings: Sighting[] = []
  const answers = await Promise.all(roots.map(ask))
  for (const [index, answer] of answers.entries()) sightings.push(...sightingsIn(answer, roots[index] ?? ''))
  const waiting = answers.flatMap(pathsAt)
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    if (nodes.has(id)) continue
    const type = typeIn(id)
    const { node } = await ask(itself(id, type, given))
    nodes.set(id, node as Json)
    waiting.push(...pathsAt(node))
    for (const field of fieldsOf(type)) {
      const selection = leading(type, field, given)
      if (selection === null) continue
      const answer = await ask(`{ node(id: "${id}") { ... on ${type} { ${selection} } } }`)
      sightings.push(...sightingsIn(answer['node'], `${type}.${field.name}`))
    }
  }
  return { nodes, sightings }
}

function fieldsOf(typeName: string): readonly GraphQLField<unknown, unknown>[] {
  const type = schema.getType(typeName)
  return isObjectType(type) ? Object.values(type.getFields()) : []
}
