import type { AppConfig } from '../config.ts'
import { appIdsOf, type Ctx } from '../context.ts'
import { listSolutions } from '../graph/endpoints/solutions.ts'
import type { SolutionNode } from '../graph/endpoints/shapes.ts'
import { printFields } from '../graph/fields.ts'
import type { Found } from '../writes/write.ts'
import { partnersFields } from './fields.ts'

/** Which solution is looked for. */
interface Look {
  readonly app: AppConfig
  readonly name: string
  readonly partnerAppId: string
}

const fields = printFields(['id', 'name', ...partnersFields(100)])
const maxPages = 10

/** The app's own solutions with this name and partner. Graph allows several, so a list before and after a write tells. */
export async function findSolutionsLike(ctx: Ctx, look: Look): Promise<readonly string[]> {
  const { app } = look
  const found: string[] = []
  let after: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const call = listSolutions(app.appId, { role: 'OWNER', limit: 100, fields, after })
    const answer = await ctx.graph.call(call, { app })
    found.push(...answer.data.filter((solution) => matches(solution, look)).map(({ id }) => id))
    if (answer.after === null) break
    after = answer.after
  }
  return found
}

function matches(solution: SolutionNode, { name, partnerAppId }: Look): boolean {
  const isPartner = solution.partners?.data.some((row) => row.partner_app?.id === partnerAppId)
  return solution.name === name && isPartner === true
}

/** The only one that was not there before and that no other request has made; unknown when there are several. */
export async function findCreated(
  ctx: Ctx,
  look: Look,
  before: readonly string[],
  startedAt: number,
): Promise<Found> {
  const fresh = (await findSolutionsLike(ctx, look)).filter((id) => !before.includes(id))
  const claimed = await Promise.all(fresh.map((id) => isClaimed(ctx, id, startedAt)))
  const [made, ...others] = fresh.filter((_, index) => !claimed[index])
  if (others.length > 0) return 'unknown'
  return made === undefined ? 'not-made' : { made }
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
