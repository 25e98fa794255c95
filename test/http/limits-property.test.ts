import * as fc from 'fast-check'
import {
  Kind,
  parse,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { expect, it } from 'vitest'
import { measureDocument } from '../../src/http/graphql/limits/size.ts'

/** Writes out every spread, the slow and obvious way. */
function inline(document: DocumentNode, selectionSet: SelectionSetNode): SelectionNode[] {
  return selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragmentOf(document, selection.name.value)
      const directives = [...(selection.directives ?? []), ...(fragment.directives ?? [])]
      return [inlined(directives, inline(document, fragment.selectionSet))]
    }
    if (selection.selectionSet === undefined) return [selection]
    const selections = inline(document, selection.selectionSet)
    return [{ ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections } }]
  })
}

function fragmentOf(document: DocumentNode, name: string): FragmentDefinitionNode {
  const fragment = document.definitions.find(
    (each): each is FragmentDefinitionNode =>
      each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
  )
  if (fragment === undefined) throw new Error('the generator only spreads fragments it defines')
  return fragment
}

function inlined(directives: DirectiveNode[], selections: SelectionNode[]): SelectionNode {
  return { kind: Kind.INLINE_FRAGMENT, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

/** A fragment that nothing spreads counts for itself. */
function spreadBy(document: DocumentNode, { selections }: SelectionSetNode): Set<FragmentDefinitionNode> {
  const below = selections.flatMap((selection): FragmentDefinitionNode[] => {
    if (selection.kind !== Kind.FRAGMENT_SPREAD)
      return selection.selectionSet ? [...spreadBy(document, selection.selectionSet)] : []
    const fragment = fragmentOf(document, selection.name.value)
    return [fragment, ...spreadBy(document, fragment.selectionSet)]
  })
  return new Set(below)
}

type Counts = { fields: number; depth: number; aliases: number; directives: number; repetitions: number }

function count(selections: readonly SelectionNode[], depth = 1): Counts {
  const counts: Counts = {
    fields: 0,
    depth: 0,
    aliases: 0,
    directives: 0,
    repetitions: mostRepeated(selections),
  }
  for (const selection of selections) {
    counts.directives += selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD) {
      counts.fields++
      counts.aliases += selection.alias === undefined ? 0 : 1
      counts.depth = Math.max(counts.depth, depth)
    }
    const below = 'selectionSet' in selection ? (selection.selectionSet?.selections ?? []) : []
    const inner = count(below, selection.kind === Kind.FIELD ? depth + 1 : depth)
    counts.fields += inner.fields
    counts.aliases += inner.aliases
    counts.directives += inner.directives
    counts.depth = Math.max(counts.depth, inner.depth)
    counts.repetitions = Math.max(counts.repetitions, inner.repetitions)
  }
  return counts
}

function namesAt(selections: readonly SelectionNode[]): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value]
    return selection.kind === Kind.INLINE_FRAGMENT ? namesAt(selection.selectionSet.selections) : []
  })
}

function mostRepeated(selections: readonly SelectionNode[]): number {
  const names = namesAt(selections)
  return Math.max(0, ...names.map((name) => names.filter((other) => other === name).length))
}

const FRAGMENTS = 4

// A fragment only spreads those after it, so there are no cycles.
function selectionSets(after: number, levels: number): fc.Arbitrary<string> {
  const directive = fc.constantFrom('', '', ' @skip(if: false)')
  const field = fc
    .tuple(fc.constantFrom('', 'x: '), fc.constantFrom('a', 'b', '__typename'), directive)
    .map((parts) => parts.join(''))
  const choices = [field]
  if (levels > 0) {
    const inner = selectionSets(after, levels - 1)
    choices.push(fc.tuple(field, inner).map((parts) => parts.join(' ')))
    choices.push(fc.tuple(directive, inner).map(([directives, set]) => `...${directives} ${set}`))
  }
  if (after < FRAGMENTS) {
    const spread = fc.tuple(fc.integer({ min: after, max: FRAGMENTS - 1 }), directive)
    choices.push(spread.map(([fragment, directives]) => `...F${fragment}${directives}`))
  }
  return fc
    .array(fc.oneof(...choices), { minLength: 1, maxLength: 3 })
    .map((parts) => `{ ${parts.join(' ')} }`)
}

const documents = fc
  .tuple(selectionSets(0, 3), ...Array.from({ length: FRAGMENTS }, (_, i) => selectionSets(i + 1, 2)))
  .map(([operation, ...fragments]) =>
    [`query Q ${operation}`, ...fragments.map((set, i) => `fragment F${i} on T ${set}`)].join('\n'),
  )

it('a measured operation is as large as the same operation with its fragments written out', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const document = parse(text)
      const operation = document.definitions[0]
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the operation comes first')
      const written = inline(document, operation.selectionSet)
      const { fields, depth, aliases, directives, repetitions, rootFields } = measureDocument({
        ...document,
        definitions: [operation, ...spreadBy(document, operation.selectionSet)],
      })
      expect({ fields, depth, aliases, directives, repetitions }).toEqual(count(written))
      expect(rootFields).toBe(namesAt(written).length)
    }),
    { numRuns: 300 },
  )
})
