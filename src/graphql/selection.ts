import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql'
import { mergeFields, type FieldTree } from '../graph/fields.ts'
import { defaultPageSize } from '../reads/connect.ts'

/** What one GraphQL field needs of its Graph node; a function where its arguments or sub-fields matter. */
export type Need = FieldTree | ((field: SelectedField) => FieldTree)

export interface SelectedField {
  readonly name: string
  /** What its definition says that it needs; nothing of a field that is not read off a Graph node. */
  readonly need: Need
  argument(name: string): unknown
  /** The fields below, along a path of names: `below('edges', 'node')`. */
  below(...path: string[]): readonly SelectedField[]
}

const nothing: FieldTree = []

/** The Graph fields that a selection needs, as each field's definition says. Text of the caller never gets into it. */
export function plan(selected: readonly SelectedField[]): FieldTree {
  return mergeFields(
    ['id'],
    ...selected.map((field) => (typeof field.need === 'function' ? field.need(field) : field.need)),
  )
}

/** The fields selected below the one that is being resolved, along a path of names. */
export function selectedBelow(info: GraphQLResolveInfo, ...path: string[]): readonly SelectedField[] {
  const type = getNamedType(info.returnType)
  return follow(
    info,
    info.fieldNodes.map((node) => ({ type, set: node.selectionSet })),
    path,
  )
}

/** The same where what is resolved may be of several types: what is selected of this one. */
export function selectedOf(info: GraphQLResolveInfo, name: string): readonly SelectedField[] {
  const type = info.schema.getType(name)
  return follow(
    info,
    info.fieldNodes.map((node) => ({ type, set: node.selectionSet })),
    [],
  )
}

type Type = GraphQLNamedType | undefined

/** What is selected of one type. */
interface Selection {
  readonly type: Type
  readonly set: SelectionSetNode | undefined
}

interface Selected {
  readonly type: Type
  readonly node: FieldNode
}

function follow(
  info: GraphQLResolveInfo,
  selections: readonly Selection[],
  [name, ...rest]: readonly string[],
): readonly SelectedField[] {
  const fields = selections.flatMap((selection) => fieldsOf(info, selection))
  if (name === undefined) return fields.map((field) => toSelected(info, field))
  const inner = fields.filter(({ node }) => node.name.value === name).map(toSelection)
  return follow(info, inner, rest)
}

/** Fragments on other types are passed over; below an interface, a fragment says which type is meant. */
function fieldsOf(info: GraphQLResolveInfo, { type, set }: Selection): Selected[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (isLeftOut(info, selection)) return []
    if (selection.kind === Kind.FIELD) return [{ type, node: selection }]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
    const name = fragment?.typeCondition?.name.value
    const condition = name === undefined ? type : info.schema.getType(name)
    if (!fragment || !isOn(info, condition, type)) return []
    return fieldsOf(info, { type: isObjectType(type) ? type : condition, set: fragment.selectionSet })
  })
}

function isOn({ schema }: GraphQLResolveInfo, condition: Type, type: Type): boolean {
  if (condition === type || !isObjectType(type)) return true
  return isAbstractType(condition) && schema.isSubType(condition, type)
}

function isLeftOut(info: GraphQLResolveInfo, node: SelectionSetNode['selections'][number]): boolean {
  if (!node.directives?.length) return false
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)
  return skip?.['if'] === true || include?.['if'] === false
}

function definitionOf({ type, node }: Selected) {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
}

function toSelection(field: Selected): Selection {
  const definition = definitionOf(field)
  return { type: definition && getNamedType(definition.type), set: field.node.selectionSet }
}

function toSelected(info: GraphQLResolveInfo, field: Selected): SelectedField {
  const { node } = field
  return {
    name: node.name.value,
    need: (definitionOf(field)?.extensions['need'] as Need | undefined) ?? nothing,
    argument: (name) => {
      const value = node.arguments?.find((argument) => argument.name.value === name)?.value
      return value && valueFromASTUntyped(value, info.variableValues.coerced)
    },
    below: (...path) => follow(info, [toSelection(field)], path),
  }
}

/** The page size that a selected list asks of Graph when it begins at its start; null when it does not. */
export function firstPageSize(field: SelectedField): number | null {
  if (field.argument('after') != null) return null
  const first = field.argument('first') ?? defaultPageSize
  return typeof first === 'number' && first >= 1 && first <= 100 ? first : null
}
