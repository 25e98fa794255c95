import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql'
import { type FieldTree, mergeFields } from '../graph/fields.ts'
import { defaultPageSize } from '../reads/connect.ts'

/** What one GraphQL field needs of its Graph node; a function where its arguments or sub-fields matter. */
export type Need = FieldTree | ((field: SelectedField) => FieldTree)
export type Needs = Readonly<Record<string, Need>>

export interface SelectedField {
  readonly name: string
  argument(name: string): unknown
  /** The fields below, along a path of names: `below('edges', 'node')`. */
  below(...path: string[]): readonly SelectedField[]
}

/** The Graph fields that a selection needs, from a table per type. Text of the caller never gets into it. */
export function plan(needs: Needs, selected: readonly SelectedField[]): FieldTree {
  const wanted = selected.map((field) => {
    const need = Object.hasOwn(needs, field.name) ? needs[field.name] : undefined
    return typeof need === 'function' ? need(field) : (need ?? [])
  })
  return mergeFields(['id'], ...wanted)
}

/** The fields selected below the one that is being resolved, along a path of names. */
export function selectedBelow(info: GraphQLResolveInfo, ...path: string[]): readonly SelectedField[] {
  return follow(info, setsOf(info), path)
}

/** The same where what is resolved may be of several types: what is selected of this one. */
export function selectedOf(info: GraphQLResolveInfo, type: string): readonly SelectedField[] {
  const nodes = setsOf(info).flatMap((set) => (set ? fieldsOf(info, set, type) : []))
  return nodes.map((node) => toSelected(info, node))
}

type Sets = readonly (SelectionSetNode | undefined)[]

const setsOf = ({ fieldNodes }: GraphQLResolveInfo): Sets => fieldNodes.map((node) => node.selectionSet)

function follow(
  info: GraphQLResolveInfo,
  sets: Sets,
  [name, ...rest]: readonly string[],
): readonly SelectedField[] {
  const nodes = sets.flatMap((set) => (set ? fieldsOf(info, set) : []))
  if (name === undefined) return nodes.map((node) => toSelected(info, node))
  const inner = nodes.filter((node) => node.name.value === name).map((node) => node.selectionSet)
  return follow(info, inner, rest)
}

/** `type` where the text alone does not tell it: fragments on other types are passed over. */
function fieldsOf(info: GraphQLResolveInfo, set: SelectionSetNode, type?: string): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (isLeftOut(info, selection)) return []
    if (selection.kind === Kind.FIELD) return [selection]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
    if (!fragment || !isOn(info, fragment.typeCondition?.name.value, type)) return []
    return fieldsOf(info, fragment.selectionSet, type)
  })
}

function isOn(
  { schema }: GraphQLResolveInfo,
  condition: string | undefined,
  type: string | undefined,
): boolean {
  if (condition === undefined || type === undefined || condition === type) return true
  const [general, special] = [schema.getType(condition), schema.getType(type)]
  return isAbstractType(general) && isObjectType(special) && schema.isSubType(general, special)
}

function isLeftOut(info: GraphQLResolveInfo, node: SelectionSetNode['selections'][number]): boolean {
  if (!node.directives?.length) return false
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)
  return skip?.['if'] === true || include?.['if'] === false
}

function toSelected(info: GraphQLResolveInfo, node: FieldNode): SelectedField {
  return {
    name: node.name.value,
    argument: (name) => {
      const value = node.arguments?.find((argument) => argument.name.value === name)?.value
      return value && valueFromASTUntyped(value, info.variableValues.coerced)
    },
    below: (...path) => follow(info, [node.selectionSet], path),
  }
}

/** The page size that a selected list asks of Graph when it begins at its start; null when it does not. */
export function firstPageSize(field: SelectedField): number | null {
  if (field.argument('after') != null) return null
  const first = field.argument('first') ?? defaultPageSize
  return typeof first === 'number' && first >= 1 && first <= 100 ? first : null
}

/** The first page of an edge rides along; one that begins further on is read by itself. */
export function nested(name: string, needs: Needs, field: SelectedField): FieldTree {
  const limit = firstPageSize(field)
  return limit === null ? [] : [{ name, limit, fields: plan(needs, field.below('edges', 'node')) }]
}
