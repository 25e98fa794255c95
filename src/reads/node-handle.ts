import { nameOf, type Expansion, type FieldTree, missingFields, mergeFields } from '../graph/fields.ts'
import { witnessOf, type GraphNodes, type GraphNodeType } from '../graph/nodes.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import type { AppConfig } from '../config/config.ts'
import { type GraphError, outcomeOf } from '../graph/error.ts'
import { emptyPage } from './connect.ts'
import type { Reads } from './reads.ts'
import { namedIn } from './unsupported-fields.ts'

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
  async edge<R>(reads: Reads, field: Expansion): Promise<{ page: Page<R>; asked: FieldTree }> {
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

/**
 * The node as the first of the apps sees it that can; null when Graph knows none of that type for any of them. An app
 * that cannot be asked hides nothing that another one sees; when none sees it, what is remembered of the node is the
 * answer, or else the failure. All of them together have one deadline.
 */
export async function findNode<T extends GraphNodeType>(
  reads: Reads,
  type: T,
  id: string,
  fields: FieldTree,
  apps: readonly AppConfig[],
): Promise<NodeHandle<T> | null> {
  // The witness comes first, so that of an object of another type it is what Graph names.
  const wanted = mergeFields(['id', witnessOf(type)], fields)
  const begun = performance.now()
  let failure: GraphError | null = null
  let part: NodeHandle<T> | null = null
  for (const app of apps) {
    const outcome = await outcomeOf(reads.read(type, id, { app }, wanted, begun))
    if ('error' in outcome) {
      if (!isAbsent(outcome.error, type)) failure ??= outcome.error
      continue
    }
    const { node, asked, failures, isRemembered } = outcome.value
    const handle = new NodeHandle(type, id, { app }, asked, node as Partial<GraphNodes[T]>)
    if (!isRemembered) return handle
    part ??= handle.noteFailures(failures)
  }
  if (part) return part
  if (failure) throw failure
  return null
}

function isAbsent(error: GraphError, type: GraphNodeType): boolean {
  if (error.kind === 'not-found') return true
  const named = namedIn(error)
  // Where Graph says itself that the node is of the type, it refuses the field and denies nothing.
  return error.code === 100 && named?.field === witnessOf(type) && named.type !== type
}
