import type { FieldTree } from '../graph/fields.ts'
import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { Viewer } from '../graph/viewer.ts'
import { mergeFields, missingFields } from './merge-fields.ts'
import type { Reads } from './reads.ts'

/** A Graph node as one viewer sees it: what has been read so far, and how to read the rest. */
export class Seen<T extends GraphNodeType> {
  readonly type: T
  readonly id: string
  readonly viewer: Viewer
  #asked: FieldTree
  #known: Partial<GraphNodes[T]>
  readonly #whole: FieldTree | null

  constructor(
    type: T,
    id: string,
    viewer: Viewer,
    asked: FieldTree = ['id'],
    known: Partial<GraphNodes[T]> = {},
    whole: FieldTree | null = null,
  ) {
    this.type = type
    this.id = id
    this.viewer = viewer
    this.#asked = asked
    this.#known = known
    this.#whole = whole
  }

  /**
   * A node of which nothing is known yet. With `whole`, the first read asks for all of that: many who ask for
   * different fields of one node then share one read.
   */
  static unread<T extends GraphNodeType>(
    type: T,
    id: string,
    viewer: Viewer,
    whole: FieldTree | null = null,
  ): Seen<T> {
    return new Seen(type, id, viewer, ['id'], {}, whole)
  }

  /** The node with at least these fields. Reads only what no earlier answer brought. */
  async get(reads: Reads, fields: FieldTree): Promise<Partial<GraphNodes[T]>> {
    const missing = missingFields(this.#asked, fields)
    return missing.length === 0 ? this.#known : this.#fetch(reads, missing)
  }

  /** What `pick` makes of the node with at least these fields: at once when they are there, without a promise. */
  read<R>(reads: Reads, fields: FieldTree, pick: (node: Partial<GraphNodes[T]>) => R): R | Promise<R> {
    const missing = missingFields(this.#asked, fields)
    return missing.length === 0 ? pick(this.#known) : this.#fetch(reads, missing).then(pick)
  }

  async #fetch(reads: Reads, missing: FieldTree): Promise<Partial<GraphNodes[T]>> {
    const wanted = this.#whole && missingFields(this.#whole, missing).length === 0 ? this.#whole : missing
    const read = await reads.node(this.type, this.id, this.viewer, wanted)
    this.#asked = mergeFields(this.#asked, wanted)
    this.#known = { ...this.#known, ...read }
    return this.#known
  }

  static is<T extends GraphNodeType>(type: T, value: unknown): value is Seen<T> {
    return value instanceof Seen && value.type === type
  }
}
