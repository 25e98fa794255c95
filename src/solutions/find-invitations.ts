import type { AppConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { listSolutions, type MessagingSide } from '../graph/endpoints/solutions.ts'
import type { SolutionNode } from '../graph/endpoints/shapes.ts'
import { printFields } from '../graph/fields.ts'
import { ownerAppFields, statusFields } from './fields.ts'
import { statusOf } from './status.ts'

interface Look {
  readonly app: AppConfig
  readonly name: string
  readonly ownerAppId: string
  readonly messaging: MessagingSide
}

const fields = printFields(['id', 'name', 'owner_permissions', ...statusFields, ...ownerAppFields])
const maxPages = 10

/** Ids of the solutions with this name that the other app owns and ours is, or was just, invited to. */
export async function findInvitations(ctx: Ctx, look: Look): Promise<readonly string[]> {
  const { app } = look
  const found: string[] = []
  let after: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const call = listSolutions(app.appId, { role: 'PARTNER', limit: 100, fields, after })
    const answer = await ctx.graph.call(call, { app })
    found.push(...answer.data.filter((solution) => matches(solution, look)).map(({ id }) => id))
    if (answer.after === null) break
    after = answer.after
  }
  return found
}

/** A solution of this name with other terms is another one: its owner may have made it so. */
function matches(solution: SolutionNode, { name, ownerAppId, messaging }: Look): boolean {
  const status = statusOf(solution)
  if (solution.name !== name || solution.owner_app?.id !== ownerAppId) return false
  // Graph leaves an empty list out.
  const ownerMessages = (solution.owner_permissions ?? []).includes('MESSAGING')
  if (ownerMessages !== (messaging === 'OWNER')) return false
  return status !== 'REJECTED' && status !== 'DEACTIVATED'
}
