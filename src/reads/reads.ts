import DataLoader from 'dataloader'
import type { GraphNodes, GraphNodeType } from '../graph/nodes.ts'
import type { Endpoint, Tally, CallOptions } from '../graph/endpoint.ts'
import { nameOf, printFields, type FieldTree, mergeFields } from '../graph/fields.ts'
import { GraphError } from '../graph/error.ts'
import type { Graph } from '../graph/graph.ts'
import type { Page } from '../graph/paging.ts'
import { viewerKey, type Viewer } from '../graph/viewer.ts'
import { BudgetExceeded, type OperationBudget } from './dispatch.ts'
import { readBatch, supportIn, type BatchOptions } from './read-batch.ts'
import { ownersOf } from './evictions.ts'
import { listFrom, type ReadMemory } from './memory.ts'
import {
  isUnsupportedFor,
  endpointKey,
  objectKey,
  scopeOf,
  type ListRequest,
  type NodeRequest,
  type ReadList,
  type ReadNode,
  type ReadRequest,
} from './plan.ts'
import { UnsupportedFields, trim, trimBelow, type IsUnsupported } from './unsupported-fields.ts'

interface SourceOptions extends BatchOptions {
  /** Memory answers only with what Graph has said within this time. */
  readonly maxAgeMs?: number
}

interface Source extends SourceOptions {
  readonly loader: DataLoader<ReadRequest, unknown, string>
}

export interface ReadOptions {
  readonly signal: AbortSignal
  /** Counts what the reads cost. */
  readonly tally?: Tally
  readonly priority?: CallOptions['priority']
  /** Look at no memory: what is read, Graph says now. */
  readonly fresh?: boolean
  /** Without it each read has a deadline of its own. */
  readonly budget?: OperationBudget | null
}

/** The reads of one operation: those of one tick go to Graph together, none goes twice. */
export class Reads {
  #source: Source
  #cached = 0
  #asked = 0

  constructor(
    graph: Pick<Graph, 'call' | 'readAll'>,
    memory: ReadMemory,
    { fresh = false, budget = null, ...options }: ReadOptions,
  ) {
    this.#source = openSource({ graph, memory, options, ofOperation: new UnsupportedFields(), fresh, budget })
  }

  /** How many reads memory has answered. */
  get cached(): number {
    return this.#cached
  }

  /** How many it has not. */
  get asked(): number {
    return this.#asked
  }

  /** A read of anything but a node by its id, with fields of its own. */
  async call<T>(endpoint: Endpoint<T>, as: Viewer, isOutdated = false): Promise<T> {
    const request = { kind: 'list', viewer: as, type: null, fields: [], endpoint: () => endpoint } as const
    if (isOutdated) this.#forget(request)
    return (await this.#list(request)).value as T
  }

  /**
   * A page of rows of one type, and what they were asked for: not what Graph refuses. When the list is known to have
   * changed, all that was read of it is forgotten first.
   */
  async page<T>(
    type: string,
    fields: FieldTree,
    list: (fields: string) => Endpoint<Page<T>>,
    as: Viewer,
    isOutdated = false,
  ): Promise<{ readonly page: Page<T>; readonly asked: FieldTree }> {
    const endpoint = oncePerTree((wanted) => list(printFields(wanted)))
    const request = { kind: 'list', viewer: as, type, fields, endpoint } as const
    if (isOutdated) this.#forget(request)
    const { value, asked } = await this.#list(request)
    return { page: value as Page<T>, asked }
  }

  async node<T extends GraphNodeType>(
    type: T,
    id: string,
    viewer: Viewer,
    fields: FieldTree,
  ): Promise<GraphNodes[T]> {
    const request = { kind: 'node', type, id, viewer, fields } as const
    return (await this.#complete(request, this.#remembered(request))).node as GraphNodes[T]
  }

  /** A node as far as it can be read. Fails when none of the fields can. */
  async read(
    type: GraphNodeType,
    id: string,
    viewer: Viewer,
    fields: FieldTree,
    begun?: number,
  ): Promise<ReadNode> {
    const part = begun === undefined ? {} : { begun }
    const request = { kind: 'node', type, id, viewer, fields, ...part } as const
    const found = this.#remembered(request)
    return this.#complete(request, found).catch((error: unknown) => knownPart(found, error))
  }

  /** A tree without what Graph is known to refuse. */
  granted(type: string, fields: FieldTree, viewer: Viewer): FieldTree {
    return trim(type, fields, this.#isUnsupportedFor(viewer)).kept
  }

  /** A tree with what Graph refuses below its own fields left out. */
  grantedBelow(type: string, fields: FieldTree, viewer: Viewer): FieldTree {
    const isRefused = this.#isUnsupportedFor(viewer)
    const below = fields.map((field) => trimBelow(type, field, isRefused))
    return below.every((field, index) => field === fields[index]) ? fields : below
  }

  /** Throws what Graph said when it refused the field. */
  assertSupported(type: string, field: string, { app }: Viewer): void {
    const error = supportIn(this.#source)(app.appId, { type, field })
    if (error) throw error
  }

  /** From now on all reads together take no more than this, and memory answers with nothing older. */
  within(budget: OperationBudget, maxAgeMs = Infinity): void {
    this.#source = openSource({ ...this.#source, budget, maxAgeMs })
  }

  /** When the operation began, where it has one deadline. */
  get begun(): number | undefined {
    return this.#source.budget?.begun
  }

  /** Goes on with the reads of another: what they have is not read again. */
  join(other: Reads): void {
    this.#source = other.#source
  }

  /** Forgets what was read, and looks at no memory from now on: what is read now, Graph says now. */
  renew(): void {
    this.#source = openSource({ ...this.#source, fresh: true })
  }

  #remembered({ type, id, viewer, fields }: NodeRequest): Remembered {
    const { fresh, memory, maxAgeMs } = this.#source
    const key = { viewer: viewerKey(viewer), type, id }
    const { known, missing } = fresh
      ? { known: {}, missing: fields }
      : memory.cache.object(key, fields, maxAgeMs)
    const asked = missing.length === 0 ? fields : fields.filter((field) => !missing.includes(field))
    return { node: known, asked, missing }
  }

  async #complete(request: NodeRequest, { node, asked, missing }: Remembered): Promise<ReadNode> {
    if (missing.length === 0) {
      this.#cached += 1
      return { node, asked, failures: noFailures }
    }
    const rest = { ...request, fields: missing }
    const read = await this.#load<ReadNode>(rest)
    if (read.refused) {
      // As after any failure, whoever comes later asks again.
      this.#source.loader.clear(rest)
      if (!isPartKept(asked, read.refused)) throw read.refused
    }
    if (asked.length === 0) return read
    return { ...read, node: { ...node, ...read.node }, asked: mergeFields(asked, read.asked) }
  }

  #isUnsupportedFor(viewer: Viewer): IsUnsupported {
    return isUnsupportedFor(viewer, supportIn(this.#source))
  }

  /** What is refused of this list is refused of its rows, for as long as the operation lasts. */
  #noteUnsupported(request: ListRequest): void {
    const { memory, ofOperation } = this.#source
    const { appId } = request.viewer.app
    const scope = scopeOf(request)
    for (const field of memory.unsupported.at(scope))
      ofOperation.remember(appId, { ...field, isOfScope: false }, scope, memory.cache.since)
  }

  async #list(request: ListRequest): Promise<ReadList> {
    const { fresh, memory, maxAgeMs } = this.#source
    const endpoint = request.endpoint(request.fields)
    if (isPrivate(endpoint))
      return { value: await this.#callAlone(endpoint, request.viewer), asked: request.fields }
    this.#noteUnsupported(request)
    const trimmed =
      request.type === null
        ? request
        : { ...request, fields: this.granted(request.type, request.fields, request.viewer) }
    const kept = fresh ? undefined : listFrom(memory, trimmed, maxAgeMs)
    if (kept !== undefined) {
      this.#cached += 1
      return kept
    }
    return this.#load(request)
  }

  #forget(request: ListRequest): void {
    const { memory, loader } = this.#source
    memory.cache.evict(ownersOf(request.endpoint(request.fields)))
    loader.clear(request)
  }

  async #callAlone(endpoint: Endpoint<unknown>, viewer: Viewer): Promise<unknown> {
    const { graph, options, budget } = this.#source
    this.#asked += 1
    const refusal = budget?.take(1, options.tally)
    if (refusal) throw refusal
    return graph.call(endpoint, viewer, { ...options, begun: budget?.begun })
  }

  async #load<T>(request: ReadRequest): Promise<T> {
    const { loader } = this.#source
    this.#asked += 1
    try {
      return (await loader.load(request)) as T
    } catch (error) {
      // Those who waited share the failure; whoever comes later asks again.
      loader.clear(request)
      throw error
    }
  }
}

/** The same endpoint for the same tree: it is asked for at each step of a read. */
function oncePerTree<E>(make: (tree: FieldTree) => E): (tree: FieldTree) => E {
  const made = new Map<FieldTree, E>()
  return (tree) => {
    const endpoint = made.get(tree) ?? make(tree)
    made.set(tree, endpoint)
    return endpoint
  }
}

const noFailures: ReadNode['failures'] = new Map()

/** What memory has of a node, and what it has not. */
interface Remembered extends Pick<ReadNode, 'node' | 'asked'> {
  readonly missing: FieldTree
}

/** What is remembered stays beside fields that are refused: Graph has said nothing of the node. */
const isPartKept = (asked: FieldTree, refused: GraphError): boolean =>
  !isSilent(refused) && asked.some((field) => field !== 'id')

const isSilent = (error: unknown): error is GraphError =>
  error instanceof GraphError && (error.transient || error instanceof BudgetExceeded)

/** Throws when nothing is known but the id, or when Graph has spoken: then the node may be gone. */
function knownPart({ node, asked, missing }: Remembered, error: unknown): ReadNode {
  if (!isSilent(error) || asked.every((field) => field === 'id')) throw error
  const failures = new Map(missing.map((field) => [nameOf(field), error]))
  return { node, asked, failures, isRemembered: true }
}

/** What carries a secret, or a person's token, is nobody else's: it is neither kept nor shared, nor in any key. */
function isPrivate({ token, once, secrets }: Endpoint<unknown>): boolean {
  return token === 'user' || token === 'none' || once === true || secrets !== undefined
}

function openSource(options: SourceOptions): Source {
  const batch = async (requests: readonly ReadRequest[]): Promise<(unknown | Error)[]> =>
    readBatch(requests, options)
  return { ...options, loader: new DataLoader(batch, { cacheKeyFn: keyOf }) }
}

// The credential is part of every key.
function keyOf(request: ReadRequest): string {
  if (request.kind === 'list') return endpointKey(request.endpoint(request.fields), request.viewer)
  return `${objectKey(request)} ${printFields(request.fields)}`
}
