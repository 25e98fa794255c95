import { getNamedType, isInterfaceType, isObjectType, Kind } from 'graphql'
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  SelectionNode,
} from 'graphql'
import { CEILING, operationsOf, readArguments, type ArgumentReader, type Variables } from './arguments.ts'

export interface PriceList {
  /** By `Type.field`. A list that is not named costs one, everything else nothing. */
  readonly fields: Readonly<Record<string, number>>
  readonly mutation: number
  readonly defaultPageSize: number
}

interface Walk {
  readonly schema: GraphQLSchema
  readonly prices: PriceList
  readonly reader: ArgumentReader
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly priced: Map<string, number>
}

type Selections = readonly SelectionNode[]

const MAX_HOPS = 500

/** The most that an operation may cost in Graph units; of several operations, the dearest. */
export function priceOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  options: { prices: PriceList; operationName?: string | undefined },
): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  const each = operationsOf(document, options.operationName).map((operation) => {
    const reader = readArguments(operation, variables)
    const walk: Walk = { schema, prices: options.prices, reader, fragments, priced: new Map() }
    const root = schema.getRootType(operation.operation) ?? undefined
    return priceBelow(walk, operation.selectionSet.selections, root, 0)
  })
  return Math.max(0, ...each)
}

function priceBelow(
  walk: Walk,
  selections: Selections,
  type: GraphQLNamedType | undefined,
  hops: number,
): number {
  let sum = 0
  if (hops > MAX_HOPS) return CEILING
  for (const selection of selections)
    if (!walk.reader.isLeftOut(selection)) sum += priceOfSelection(walk, selection, type, hops + 1)
  return Math.min(CEILING, sum)
}

function priceOfSelection(
  walk: Walk,
  selection: SelectionNode,
  type: GraphQLNamedType | undefined,
  hops: number,
): number {
  switch (selection.kind) {
    case Kind.FIELD:
      return priceOfField(walk, selection, type, hops)
    case Kind.INLINE_FRAGMENT: {
      const on = selection.typeCondition?.name.value
      const inner = on === undefined ? type : walk.schema.getType(on)
      return priceBelow(walk, selection.selectionSet.selections, inner, hops)
    }
    case Kind.FRAGMENT_SPREAD:
      return priceOfFragment(walk, selection.name.value, hops)
  }
}

function priceOfFragment(walk: Walk, name: string, hops: number): number {
  const known = walk.priced.get(name)
  if (known !== undefined) return known
  // Stands for the fragment while it is open, so that a cycle ends.
  walk.priced.set(name, 0)
  const fragment = walk.fragments.get(name)
  const type = fragment && walk.schema.getType(fragment.typeCondition.name.value)
  const price = fragment ? priceBelow(walk, fragment.selectionSet.selections, type, hops) : 0
  walk.priced.set(name, price)
  return price
}

function priceOfField(
  walk: Walk,
  field: FieldNode,
  type: GraphQLNamedType | undefined,
  hops: number,
): number {
  const name = field.name.value
  const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
  if (type === undefined || definition === undefined) return 0
  const inner = getNamedType(definition.type)
  const isList = inner.name.endsWith('Connection')
  const ids = walk.reader.lengthOf(field, 'ids')
  const rows = ids ?? (isList ? (walk.reader.pageSize(field) ?? walk.prices.defaultPageSize) : 1)
  const below = field.selectionSet ? priceBelow(walk, field.selectionSet.selections, inner, hops) : 0
  return Math.min(CEILING, ownPrice(walk, type, name, isList) * (ids ?? 1) + rows * below)
}

function ownPrice({ prices, schema }: Walk, type: GraphQLNamedType, field: string, isList: boolean): number {
  const price = prices.fields[`${type.name}.${field}`]
  if (price !== undefined) return price
  if (type === schema.getMutationType()) return prices.mutation
  return isList ? 1 : 0
}
