import DataLoader from 'dataloader'
import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { printFields, type FieldTree } from '../graph/fields.ts'
import type { Graph, Tally } from '../graph/graph.ts'
import type { Page } from '../graph/paging.ts'
import { viewerKey, type Viewer } from '../graph/viewer.ts'
import type { ReadList, ReadNode } from './findings.ts'
import { readTogether, refusalIn, type Gathering } from './gather.ts'
import { keepList, listFrom } from './kept-lists.ts'
import type { ReadMemory } from './memory.ts'
import { mergeFields } from './merge-fields.ts'
import { Refusals } from './refusals.ts'
import { trim, trimBelow } from './trim.ts'
import { endpointKey, objectKey, type ListWant, type Want } from './want.ts'

interface Source extends Gathering {
  readonly loader: DataLoader<Want, unknown, string>
}

export interface ReadOptions {
  readonly signal: AbortSignal
  /** Counts what the reads cost. */
  readonly tally?: Tally
  /** Look at no memory: what is read, Graph says now. */
  readonly fresh?: boolean
}

/** The reads of one operation: those of one tick go to Graph together, none goes twice. */
export class Reads {
  #source: Source
  #cached = 0
  #asked = 0

  constructor(graph: Graph, memory: ReadMemory, { fresh = false, ...options }: ReadOptions) {
    this.#source = openSource({ graph, memory, options, vague: new Refusals(), fresh })
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
  async call<T>(endpoint: Endpoint<T>, as: Viewer): Promise<T> {
    const want = { kind: 'list', viewer: as, type: null, fields: [], endpoint: () => endpoint } as const
    return (await this.#list(want)).value as T
  }

  /** A page of rows of one type, and what they were asked for: not what Graph refuses. */
  async page<T>(
    type: string,
    fields: FieldTree,
    list: (fields: string) => Endpoint<Page<T>>,
    as: Viewer,
  ): Promise<{ readonly page: Page<T>; readonly asked: FieldTree }> {
    const endpoint = oncePerTree((wanted) => list(printFields(wanted)))
    const { value, asked } = await this.#list({ kind: 'list', viewer: as, type, fields, endpoint })
    return { page: value as Page<T>, asked }
  }

  async node<T extends GraphNodeType>(
    type: T,
    id: string,
    viewer: Viewer,
    fields: FieldTree,
  ): Promise<GraphNodes[T]> {
    return (await this.read(type, id, viewer, fields)).node as GraphNodes[T]
  }

  /** A node as far as it can be read. Fails when none of the fields can. */
  async read(type: GraphNodeType, id: string, viewer: Viewer, fields: FieldTree): Promise<ReadNode> {
    const { fresh, memory } = this.#source
    const found = fresh ? null : memory.cache.object({ viewer: viewerKey(viewer), type, id }, fields)
    if (found?.missing.length === 0) {
      this.#cached += 1
      return { node: found.known, asked: fields, failures: noFailures }
    }
    const missing = found?.missing ?? fields
    const read = await this.#load<ReadNode>({ kind: 'node', type, id, viewer, fields: missing })
    if (!found || missing.length === fields.length) return read
    const known = fields.filter((field) => !missing.includes(field))
    return { ...read, node: { ...found.known, ...read.node }, asked: mergeFields(known, read.asked) }
  }

  /** A tree without what Graph is known to refuse. */
  granted(type: string, fields: FieldTree): FieldTree {
    return trim(type, fields, this.#isRefused).kept
  }

  /** A tree with what Graph refuses below its own fields left out. */
  grantedBelow(type: string, fields: FieldTree): FieldTree {
    const below = fields.map((field) => trimBelow(type, field, this.#isRefused))
    return below.every((field, index) => field === fields[index]) ? fields : below
  }

  /** Throws what Graph said when it refused the field. */
  insistOn(type: string, field: string): void {
    const error = refusalIn(this.#source)(type, field)
    if (error) throw error
  }

  /** Goes on with the reads of another: what they have is not read again. */
  join(other: Reads): void {
    this.#source = other.#source
  }

  /** Forgets what was read, and looks at no memory from now on: what is read now, Graph says now. */
  renew(): void {
    this.#source = openSource({ ...this.#source, fresh: true })
  }

  readonly #isRefused = (type: string, field: string): boolean =>
    refusalIn(this.#source)(type, field) !== null

  async #list(want: ListWant): Promise<ReadList> {
    const { fresh, graph, memory, options } = this.#source
    const endpoint = want.endpoint(want.fields)
    if (isPrivate(endpoint)) {
      this.#asked += 1
      return { value: await graph.call(endpoint, want.viewer, options), asked: want.fields }
    }
    const trimmed = want.type === null ? want : { ...want, fields: this.granted(want.type, want.fields) }
    const kept = fresh ? undefined : listFrom(memory, trimmed)
    if (kept !== undefined) {
      this.#cached += 1
      return kept
    }
    const since = memory.cache.since
    const list = await this.#load<ReadList>(want)
    keepList(memory, want, list, since)
    return list
  }

  async #load<T>(want: Want): Promise<T> {
    const { loader } = this.#source
    this.#asked += 1
    try {
      return (await loader.load(want)) as T
    } catch (error) {
      // Those who waited share the failure; whoever comes later asks again.
      loader.clear(want)
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

/** What carries a secret, or a person's token, is nobody else's: it is neither kept nor shared, nor in any key. */
function isPrivate({ token, once, secrets }: Endpoint<unknown>): boolean {
  return token === 'user' || token === 'none' || once === true || secrets !== undefined
}

function openSource(gathering: Gathering): Source {
  const batch = async (wants: readonly Want[]): Promise<(unknown | Error)[]> => readTogether(wants, gathering)
  return { ...gathering, loader: new DataLoader(batch, { cacheKeyFn: keyOf }) }
}

// The credential is part of every key.
function keyOf(want: Want): string {
  if (want.kind === 'list') return endpointKey(want.endpoint(want.fields), want.viewer)
  return `${objectKey(want)} ${printFields(want.fields)}`
}
