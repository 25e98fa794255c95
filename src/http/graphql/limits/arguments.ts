import { Kind } from 'graphql'
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode, ValueNode } from 'graphql'

export type Variables = Readonly<Record<string, unknown>>

export const CEILING = 1_000_000_000

/** What the arguments of an operation are with the variables that it is run with. */
export interface ArgumentReader {
  /** `first` or `last`, the larger one; undefined when neither says a number. */
  pageSize(field: FieldNode): number | undefined
  /** How long the list in an argument is; undefined when it is none. */
  lengthOf(field: FieldNode, argument: string): number | undefined
  /** Whether `@skip` or `@include` takes a selection out. */
  isLeftOut(selection: SelectionNode): boolean
}

export function readArguments(operation: OperationDefinitionNode, variables: Variables): ArgumentReader {
  const defaults = new Map(
    operation.variableDefinitions?.map((definition) => [
      definition.variable.name.value,
      definition.defaultValue,
    ]),
  )
  const read = (value: ValueNode | undefined): unknown => {
    switch (value?.kind) {
      case Kind.INT:
        return Number(value.value)
      case Kind.BOOLEAN:
        return value.value
      case Kind.LIST:
        return value.values
      case Kind.VARIABLE: {
        const name = value.name.value
        return Object.hasOwn(variables, name) ? variables[name] : read(defaults.get(name))
      }
      default:
        return undefined
    }
  }
  const argumentOf = (field: FieldNode, name: string): unknown =>
    read(field.arguments?.find((argument) => argument.name.value === name)?.value)
  return {
    pageSize: (field) => largest(positive(argumentOf(field, 'first')), positive(argumentOf(field, 'last'))),
    lengthOf: (field, argument) => {
      const value = argumentOf(field, argument)
      return Array.isArray(value) ? value.length : undefined
    },
    isLeftOut: ({ directives = [] }) =>
      directives.some(({ name, arguments: [argument] = [] }) => {
        const value = read(argument?.value)
        return name.value === 'skip' ? value === true : name.value === 'include' && value === false
      }),
  }
}

/** The operations that may run: the named one, or all. */
export function operationsOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode[] {
  return document.definitions.filter(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (name === undefined || definition.name?.value === name),
  )
}

// Anything but a positive number is the schema's to refuse.
function positive(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(CEILING, value) : 0
}

function largest(...sizes: number[]): number | undefined {
  return Math.max(...sizes) || undefined
}
