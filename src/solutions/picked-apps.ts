import type { Ctx } from '../context.ts'
import type { AppNode } from '../graph/nodes.ts'
import { listPickedApps, pickedAppsEdges } from '../graph/endpoints/solutions.ts'
import { GraphError } from '../graph/error.ts'
import { listWhole } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'

type Edge = (typeof pickedAppsEdges)[number]

// A person picks apps by hand, one by one.
const maxPages = 5

/** The apps that the owner of the token picked. Where Graph does not know the one edge, the other is asked. */
export async function listPicked(ctx: Ctx, person: Viewer): Promise<readonly AppNode[]> {
  const [first, second] = pickedAppsEdges
  try {
    return await listOf(ctx, person, first)
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== 100) throw error
    return listOf(ctx, person, second)
  }
}

async function listOf(ctx: Ctx, person: Viewer, edge: Edge): Promise<readonly AppNode[]> {
  const read = (after: string | undefined) => ctx.graph.call(listPickedApps(edge, after), person, ctx.signal)
  return listWhole(read, 'More apps were picked', { pages: maxPages })
}
