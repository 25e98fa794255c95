import { nameOf, type EdgeField, type FieldTree } from '../graph/fields.ts'
import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import { emptyPage } from './connect.ts'
import { missingFields } from './merge-fields.ts'
import type { Reads } from './reads.ts'

/** A Graph node as one viewer sees it: what has been read so far, and how to read the rest. */
export class NodeHandle<T extends GraphNodeType> {
  readonly type: T
  readonly id: string
  readonly viewer: Viewer
  #asked: FieldTree
  #known: Partial<GraphNodes[T]>
  readonly #whole: FieldTree | null
  #missingReasons: ReadonlyMap<string, Error> = new Map()

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
  ): NodeHandle<T> {
    return new NodeHandle(type, id, viewer, ['id'], {}, whole)
  }

  /** Notes what Graph has just been asked for in vain: it is not asked again for the same answer. */
  noteFailures(failures: ReadonlyMap<string, Error>): this {
    this.#missingReasons = failures
    return this
  }

  /** The node with at least these fields. Reads only what no earlier answer brought. */
  async get(reads: Reads, fields: FieldTree): Promise<Partial<GraphNodes[T]>> {
    const missing = this.#missing(reads, fields)
    return missing.length === 0 ? this.#known : this.#fetch(reads, missing)
  }

  /** What `pick` makes of the node with at least these fields: at once when they are there, without a promise. */
  read<R>(reads: Reads, fields: FieldTree, pick: (node: Partial<GraphNodes[T]>) => R): R | Promise<R> {
    const missing = this.#missing(reads, fields)
    return missing.length === 0 ? pick(this.#known) : this.#fetch(reads, missing).then(pick)
  }

  /** The first page of an edge, and what its rows were asked for. Graph leaves an edge without rows out of the node. */
  async edge<R>(reads: Reads, field: EdgeField): Promise<{ page: Page<R>; asked: FieldTree }> {
    const node: Readonly<Record<string, unknown>> = await this.get(reads, [field])
    const asked = this.#asked.find((one) => nameOf(one) === field.name)
    const fields = typeof asked === 'object' ? asked.fields : undefined
    return { page: (node[field.name] as Page<R> | undefined) ?? emptyPage, asked: fields ?? ['id'] }
  }

  /** What Graph refuses below a field, the objects there ask for themselves. */
  #missing(reads: Reads, fields: FieldTree): FieldTree {
    const missing = missingFields(this.#asked, fields)
    if (missing.length === 0) return missing
    return missingFields(this.#asked, reads.grantedBelow(this.type, missing, this.viewer))
  }

  async #fetch(reads: Reads, missing: FieldTree): Promise<Partial<GraphNodes[T]>> {
    const reason = missing.map((field) => this.#missingReasons.get(nameOf(field))).find(Boolean)
    if (reason) throw reason
    const wanted = this.#whole && missingFields(this.#whole, missing).length === 0 ? this.#whole : missing
    const failures = await this.#add(reads, wanted)
    const [left] = this.#missing(reads, missing)
    if (left === undefined) return this.#known
    const failure = failures.get(nameOf(left))
    if (failure) throw failure
    await this.#add(reads, [left])
    return this.#known
  }

  async #add(reads: Reads, wanted: FieldTree): Promise<ReadonlyMap<string, Error>> {
    const { node, asked, failures } = await reads.read(this.type, this.id, this.viewer, wanted)
    // What was read again is as it was asked now, not as both times together.
    const names = new Set(asked.map(nameOf))
    this.#asked = [...this.#asked.filter((field) => !names.has(nameOf(field))), ...asked]
    this.#known = { ...this.#known, ...(node as Partial<GraphNodes[T]>) }
    return failures
  }

  static is<T extends GraphNodeType>(type: T, value: unknown): value is NodeHandle<T> {
    return value instanceof NodeHandle && value.type === type
  }
}
