import { readNode, readNodes, type GraphNodes, type GraphNodeType } from '../graph/endpoints/nodes.ts'
import { GraphError } from '../graph/error.ts'
import { printFields } from '../graph/fields.ts'
import type { Graph } from '../graph/graph.ts'
import { viewerKey, type Viewer } from '../graph/viewer.ts'
import { mergeFields } from './merge-fields.ts'
import type { NodeKey } from './reads.ts'

// "(#100) Too many IDs. Maximum: 50." is what Graph answers to more; no page of Meta's states it.
const idsPerCall = 50

type Node = GraphNodes[GraphNodeType]
type Outcome = Node | Error

interface Group {
  readonly type: GraphNodeType
  readonly viewer: Viewer
  readonly fields: string
  readonly ids: readonly string[]
}

/** Reads keys of one tick with one call per (viewer, type) and 50 ids. A failure stays with its own id. */
export async function readBatch(
  graph: Graph,
  keys: readonly NodeKey[],
  signal: AbortSignal,
): Promise<Outcome[]> {
  const found = new Map<string, Outcome>()
  const groups = [...Map.groupBy(keys, groupKey).values()].flatMap(toGroups)
  await Promise.all(groups.map((group) => readGroup(graph, group, signal, found)))
  return keys.map((key) => found.get(`${groupKey(key)} ${key.id}`) ?? notFound())
}

function groupKey({ type, viewer }: { type: GraphNodeType; viewer: Viewer }): string {
  return `${viewerKey(viewer)} ${type}`
}

function toGroups(keys: NodeKey[]): Group[] {
  const { type, viewer } = keys[0] as NodeKey
  const fields = printFields(mergeFields(...keys.map((key) => key.fields)))
  const ids = [...new Set(keys.map((key) => key.id))]
  const starts = Array.from({ length: Math.ceil(ids.length / idsPerCall) }, (_, index) => index * idsPerCall)
  return starts.map((start) => ({ type, viewer, fields, ids: ids.slice(start, start + idsPerCall) }))
}

async function readGroup(
  graph: Graph,
  group: Group,
  signal: AbortSignal,
  found: Map<string, Outcome>,
): Promise<void> {
  const outcomes =
    group.ids.length === 1 ? await readEach(graph, group, signal) : await readTogether(graph, group, signal)
  for (const [id, outcome] of outcomes) found.set(`${groupKey(group)} ${id}`, outcome)
}

type Outcomes = readonly (readonly [string, Outcome])[]

async function readTogether(graph: Graph, group: Group, signal: AbortSignal): Promise<Outcomes> {
  const token = tokenOf(group.viewer)
  try {
    const nodes = await graph.call(
      readNodes(group.type, group.ids, group.fields, token),
      group.viewer,
      signal,
    )
    return group.ids.map((id) => [id, nodes[id] ?? notFound()] as const)
  } catch (error) {
    // Whether one unreadable id fails all of an `ids` call is documented nowhere, so each is asked alone.
    if (!(error instanceof GraphError) || !concernsOneId(error))
      return group.ids.map((id) => [id, error as Error] as const)
    return readEach(graph, group, signal)
  }
}

function concernsOneId({ kind }: GraphError): boolean {
  return kind === 'not-found' || kind === 'permission' || kind === 'invalid' || kind === 'malformed'
}

async function readEach(graph: Graph, group: Group, signal: AbortSignal): Promise<Outcomes> {
  const token = tokenOf(group.viewer)
  return Promise.all(
    group.ids.map(async (id) => {
      const outcome = await graph
        .call(readNode(group.type, id, group.fields, token), group.viewer, signal)
        .catch((error: unknown) => error as Error)
      return [id, outcome] as const
    }),
  )
}

const tokenOf = (viewer: Viewer) => (viewer.customer ? ('business' as const) : ('system' as const))

function notFound(): GraphError {
  return new GraphError('not-found', 'Graph has no such object, or the app may not see it.')
}
