import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { shownFields, type SolutionNode } from '../graph/nodes.ts'
import { NodeHandle } from '../reads/node-handle.ts'

export interface SolutionReadBack {
  readonly solution: NodeHandle<'Solution'>
  /** Null when it could not be read. */
  readonly node: Partial<SolutionNode> | null
}

/**
 * A solution after a write. When it cannot be read, the write has happened all the same: then it is shown by its id,
 * with status UNKNOWN and nothing else, and is not read once more, since that error would hide what was done.
 */
export async function readBack(ctx: Ctx, app: AppConfig, id: string): Promise<SolutionReadBack> {
  ctx.reads.renew()
  try {
    const node = await ctx.reads.node('Solution', id, { app }, shownFields('Solution'))
    return { solution: new NodeHandle('Solution', id, { app }, shownFields('Solution'), node), node }
  } catch (error) {
    ctx.logger.warn({ err: error, solutionId: id }, 'a solution could not be read back')
    return { solution: new NodeHandle('Solution', id, { app }, shownFields('Solution')), node: null }
  }
}
