import { getNamedType, getNullableType, isInterfaceType, isListType, isObjectType, Kind } from 'graphql'
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  ValueNode,
} from 'graphql'
import { fragmentsOf, MAX_HOPS, operationsOf } from './size.ts'

export type Variables = Readonly<Record<string, unknown>>

/** Units, and of a list without pages how many rows it may have: one when it does not say. */
type Price = number | { readonly units: number; readonly rows: number | 'apps' }

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

/** What an operation may cost at most. */
interface Cost {
  /** Graph units. */
  readonly units: number
  /**
   * The most nodes that one path of nested lists may ask for: `first` and `last` multiplied from the root down. A field
   * that selects `edges` or `nodes` without either counts as a page of `defaultPageSize`.
   */
  readonly nodes: number
}

interface SelectionCost extends Cost {
  /** Whether `edges` or `nodes` is selected, so that the parent looks like a connection. */
  readonly isPaged: boolean
}

interface Walk {
  readonly schema: GraphQLSchema
  readonly prices: PriceList
  readonly operation: OperationDefinitionNode
  readonly variables: Variables
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** What each fragment has been found to cost. */
  readonly known: Map<string, SelectionCost>
}

type Type = GraphQLNamedType | undefined

const CEILING = 1_000_000_000
const nothing: SelectionCost = { units: 0, nodes: 1, isPaged: false }

/** The cost of the operation that runs; without a name, of the dearest in the document. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  { prices, operationName }: { prices: PriceList; operationName?: string | undefined },
): Cost {
  const fragments = new Map(fragmentsOf(document).map((fragment) => [fragment.name.value, fragment]))
  const costs = operationsOf(document, operationName).map((operation) => {
    const walk = { schema, prices, operation, variables, fragments, known: new Map() }
    return costBelow(walk, operation.selectionSet.selections, schema.getRootType(operation.operation), 0)
  })
  return {
    units: Math.max(0, ...costs.map(({ units }) => units)),
    nodes: Math.max(1, ...costs.map(({ nodes }) => nodes)),
  }
}

/** Units of siblings add up; of their paths the longest counts. */
function costBelow(
  walk: Walk,
  selections: readonly SelectionNode[],
  type: Type | null,
  hops: number,
): SelectionCost {
  if (hops > MAX_HOPS) return { ...nothing, units: CEILING }
  const sum = { ...nothing }
  for (const selection of selections) {
    if (isLeftOut(walk, selection)) continue
    const { units, nodes, isPaged } = costOfSelection(walk, selection, type ?? undefined, hops + 1)
    sum.units = Math.min(CEILING, sum.units + units)
    sum.nodes = Math.max(sum.nodes, nodes)
    sum.isPaged ||= isPaged
  }
  return sum
}

function costOfSelection(walk: Walk, selection: SelectionNode, type: Type, hops: number): SelectionCost {
  switch (selection.kind) {
    case Kind.FIELD:
      return costOfField(walk, selection, type, hops)
    case Kind.INLINE_FRAGMENT: {
      const on = selection.typeCondition?.name.value
      const inner = on === undefined ? type : walk.schema.getType(on)
      return costBelow(walk, selection.selectionSet.selections, inner, hops)
    }
    case Kind.FRAGMENT_SPREAD:
      return costOfFragment(walk, selection.name.value, hops)
  }
}

function costOfFragment(walk: Walk, name: string, hops: number): SelectionCost {
  const fragment = walk.fragments.get(name)
  const known = walk.known.get(name)
  if (known !== undefined || fragment === undefined) return known ?? nothing
  // A fragment that spreads itself costs nothing there, so that a cycle ends.
  walk.known.set(name, nothing)
  const { typeCondition, selectionSet } = fragment
  const on = walk.schema.getType(typeCondition.name.value)
  const cost = costBelow(walk, selectionSet.selections, on, hops)
  walk.known.set(name, cost)
  return cost
}

function costOfField(walk: Walk, field: FieldNode, type: Type, hops: number): SelectionCost {
  const name = field.name.value
  const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
  const inner = definition && getNamedType(definition.type)
  const below = costBelow(walk, field.selectionSet?.selections ?? [], inner, hops)
  const pageSize = pageSizeOf(walk, field)
  const rows = pageSize ?? (below.isPaged ? walk.prices.defaultPageSize : 1)
  const nodes = Math.min(CEILING, rows * below.nodes)
  const isPaged = name === 'edges' || name === 'nodes'
  if (type === undefined || definition === undefined) return { units: 0, nodes, isPaged }

  const listed = `${type.name}.${name}`
  const isPage = inner?.name.endsWith('Connection') ?? false
  const isList = isListType(getNullableType(definition.type))
  const ids = lengthOf(walk, field, 'ids')
  const apps = walk.prices.perApp.has(listed) ? walk.prices.apps : 1
  const page = isPage ? (pageSize ?? walk.prices.defaultPageSize) : 1
  const times = ids ?? rowsOf(walk.prices, listed) ?? (isList ? apps : page)
  const own = ownPrice(walk, type, name, isPage) * apps * (ids ?? 1)
  return { units: Math.min(CEILING, own + times * below.units), nodes, isPaged }
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

/** `first` or `last`, the larger one; undefined when neither says a number. */
function pageSizeOf(walk: Walk, field: FieldNode): number | undefined {
  return Math.max(...['first', 'last'].map((name) => positive(argumentOf(walk, field, name)))) || undefined
}

/** How long the list in an argument is; undefined when it is none. */
function lengthOf(walk: Walk, field: FieldNode, argument: string): number | undefined {
  const value = argumentOf(walk, field, argument)
  return Array.isArray(value) ? value.length : undefined
}

/** Whether `@skip` or `@include` takes a selection out. */
function isLeftOut(walk: Walk, { directives = [] }: SelectionNode): boolean {
  return directives.some(({ name, arguments: [argument] = [] }) => {
    const value = read(walk, argument?.value)
    return name.value === 'skip' ? value === true : name.value === 'include' && value === false
  })
}

function argumentOf(walk: Walk, field: FieldNode, name: string): unknown {
  return read(walk, field.arguments?.find((argument) => argument.name.value === name)?.value)
}

/** A value with the variables filled in, as far as a cost depends on it. */
function read(walk: Walk, value: ValueNode | undefined): unknown {
  switch (value?.kind) {
    case Kind.INT:
      return Number(value.value)
    case Kind.BOOLEAN:
      return value.value
    case Kind.LIST:
      return value.values
    case Kind.VARIABLE: {
      const name = value.name.value
      if (Object.hasOwn(walk.variables, name)) return walk.variables[name]
      const definitions = walk.operation.variableDefinitions
      return read(walk, definitions?.find(({ variable }) => variable.name.value === name)?.defaultValue)
    }
    default:
      return undefined
  }
}

// Anything but a positive number is the schema's to refuse.
function positive(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(CEILING, value) : 0
}
