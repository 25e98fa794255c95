import {
  Kind,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type ExecutionArgs,
  type VariableNode,
} from 'graphql'
import type { Actor } from '../../access/authenticate.ts'

/** What must be the same, beside the document, for two to get the same items: whatever a resolver may look at. */
export function audienceKey(
  { document, operationName, variableValues }: ExecutionArgs,
  { apps, ...rights }: Actor,
): string {
  const positions = positionsIn(document)
  const variables = Object.entries(variableValues ?? {}).filter(([name]) => !positions.has(name))
  return JSON.stringify([operationName ?? null, variables, rights, apps.map(({ appId }) => appId)])
}

const known = new WeakMap<DocumentNode, ReadonlySet<string>>()

/** Variables that say nothing but from where somebody goes on: after a restart, each has another. */
function positionsIn(document: DocumentNode): ReadonlySet<string> {
  const found = known.get(document)
  if (found) return found
  const nodes = document.definitions.flatMap(positionOf)
  const others = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => void (nodes.includes(node) || others.add(node.name.value)),
  })
  const names = new Set(nodes.map(({ name }) => name.value).filter((name) => !others.has(name)))
  known.set(document, names)
  return names
}

/** The variable that is the root field's `after`. */
function positionOf(definition: DefinitionNode): VariableNode[] {
  if (definition.kind !== Kind.OPERATION_DEFINITION) return []
  return definition.selectionSet.selections.flatMap((field) => {
    const given = field.kind === Kind.FIELD ? field.arguments : undefined
    const value = given?.find(({ name }) => name.value === 'after')?.value
    return value?.kind === Kind.VARIABLE ? [value] : []
  })
}
