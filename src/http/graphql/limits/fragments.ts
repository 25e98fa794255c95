import { Kind } from 'graphql'
import type { DocumentNode, FragmentDefinitionNode } from 'graphql'

/** Nesting and fragment hops together. What goes deeper counts as endless, so that recursion stays bounded. */
export const MAX_HOPS = 500

export function fragmentsOf(document: DocumentNode): FragmentDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
}

/** The fragments of a document by name, of two with one name the last; and what one walk finds of each, found once. */
export class Fragments<T> {
  readonly #definitions: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #found = new Map<string, T>()
  readonly #open: T

  /** `open` stands for a fragment that spreads itself, so that a cycle ends, and for one that is missing. */
  constructor(document: DocumentNode, open: T) {
    this.#definitions = new Map(fragmentsOf(document).map((fragment) => [fragment.name.value, fragment]))
    this.#open = open
  }

  find(name: string, look: (fragment: FragmentDefinitionNode) => T): T {
    const fragment = this.#definitions.get(name)
    const known = this.#found.get(name)
    if (known !== undefined || fragment === undefined) return known ?? this.#open
    this.#found.set(name, this.#open)
    const found = look(fragment)
    this.#found.set(name, found)
    return found
  }
}
