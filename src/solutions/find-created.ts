import type { AppConfig } from '../config/config.ts'
import { appIdsOf, type Ctx } from '../context.ts'
import { listSolutions } from '../graph/endpoints/solutions.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import { printFields } from '../graph/fields.ts'
import { listAll } from '../graph/paging.ts'
import type { LookUp, WriteOnRecord } from '../writes/write.ts'
import { partnersField } from './fields.ts'

/** Which solution is looked for. */
interface Look {
  readonly app: AppConfig
  readonly name: string
  readonly partnerAppId: string
}

const fields = printFields(['id', 'name', partnersField])

export interface SolutionsLike {
  readonly ids: readonly string[]
  /** Whether these are all. */
  readonly complete: boolean
}

/** The app's own solutions with this name and partner. Graph allows several, so a list before and after a write tells. */
export async function findSolutionsLike(ctx: Ctx, look: Look): Promise<SolutionsLike> {
  const { app } = look
  const { rows, complete } = await listAll((after) =>
    ctx.graph.call(listSolutions(app.appId, { role: 'OWNER', limit: 100, fields, after }), { app }),
  )
  return { ids: rows.filter((solution) => matches(solution, look)).map(({ id }) => id), complete }
}

function matches(solution: SolutionNode, { name, partnerAppId }: Look): boolean {
  const isPartner = solution.partners?.data.some((row) => row.partner_app?.id === partnerAppId)
  return solution.name === name && isPartner === true
}

/** The only one that was not there before and that no other request has made; unknown when there are several. */
export async function createdIn(
  ctx: Ctx,
  { ids, complete }: SolutionsLike,
  { before, startedAt }: WriteOnRecord<readonly string[]>,
): Promise<LookUp> {
  const fresh = ids.filter((id) => !before.includes(id))
  const claimed = await Promise.all(fresh.map((id) => isClaimed(ctx, id, startedAt)))
  const [createdId, ...others] = fresh.filter((_, index) => !claimed[index])
  if (others.length > 0) return 'unknown'
  if (createdId !== undefined) return { createdId }
  return complete ? 'not-made' : 'unknown'
}

/** Each create that is known to have succeeded has left an event of its own. */
async function isClaimed(ctx: Ctx, solutionId: string, since: number): Promise<boolean> {
  const filter = {
    appIds: appIdsOf(ctx),
    solutionId,
    kinds: ['SOLUTION_CREATED'],
    sources: ['GATEWAY'],
  } as const
  const [last] = await ctx.log.readBefore(Number.MAX_SAFE_INTEGER, filter, 1)
  return last !== undefined && last.receivedAt >= since
}
