import { getNamedType, getNullableType, isInterfaceType, isListType, isObjectType, Kind } from 'graphql'
import type { DocumentNode, FieldNode, GraphQLNamedType, GraphQLSchema, SelectionNode } from 'graphql'
import { CEILING, operationsOf, readArguments, type ArgumentReader, type Variables } from './arguments.ts'
import { Fragments, MAX_HOPS } from './fragments.ts'

/** Units, and of a list without pages how many rows it may have: one when it does not say. */
export type Price = number | { readonly units: number; readonly rows: number | 'apps' }

export interface PriceList {
  /** By `Type.field`. A list that is not named costs one, everything else nothing. */
  readonly fields: Readonly<Record<string, Price>>
  /** What is asked of each of the caller's apps, at worst, or has a row for each. */
  readonly perApp: ReadonlySet<string>
  /** How many apps the caller has. */
  readonly apps: number
  readonly mutation: number
  readonly defaultPageSize: number
}

interface Walk {
  readonly schema: GraphQLSchema
  readonly prices: PriceList
  readonly reader: ArgumentReader
  readonly fragments: Fragments<number>
}

type Selections = readonly SelectionNode[]

/** The most that an operation may cost in Graph units; of several operations, the dearest. */
export function priceOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  options: { prices: PriceList; operationName?: string | undefined },
): number {
  const each = operationsOf(document, options.operationName).map((operation) => {
    const reader = readArguments(operation, variables)
    const walk = { schema, prices: options.prices, reader, fragments: new Fragments(document, 0) }
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
      return walk.fragments.find(selection.name.value, ({ typeCondition, selectionSet }) =>
        priceBelow(walk, selectionSet.selections, walk.schema.getType(typeCondition.name.value), hops),
      )
  }
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
  const isPage = inner.name.endsWith('Connection')
  const ids = walk.reader.lengthOf(field, 'ids')
  const listed = `${type.name}.${name}`
  const apps = walk.prices.perApp.has(listed) ? walk.prices.apps : 1
  const page = isPage ? (walk.reader.pageSize(field) ?? walk.prices.defaultPageSize) : 1
  const rows =
    ids ?? rowsOf(walk.prices, listed) ?? (isListType(getNullableType(definition.type)) ? apps : page)
  const below = field.selectionSet ? priceBelow(walk, field.selectionSet.selections, inner, hops) : 0
  return Math.min(CEILING, ownPrice(walk, type, name, isPage) * apps * (ids ?? 1) + rows * below)
}

function ownPrice({ prices, schema }: Walk, type: GraphQLNamedType, field: string, isPage: boolean): number {
  const price = prices.fields[`${type.name}.${field}`]
  if (price !== undefined) return typeof price === 'number' ? price : price.units
  if (type === schema.getMutationType()) return prices.mutation
  return isPage ? 1 : 0
}

function rowsOf({ fields, apps }: PriceList, name: string): number | undefined {
  const price = fields[name]
  if (typeof price !== 'object') return undefined
  return price.rows === 'apps' ? apps : price.rows
}
