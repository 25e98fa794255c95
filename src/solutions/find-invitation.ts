import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { listSolutions, type MessagingSide } from '../graph/endpoints/solutions.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import { printFields } from '../graph/fields.ts'
import { listAll } from '../graph/paging.ts'
import type { LookUp } from '../writes/write.ts'
import { ownerAppField, statusFields } from './fields.ts'
import { statusOf } from './lifecycle.ts'

interface Look {
  readonly app: AppConfig
  readonly name: string
  readonly ownerAppId: string
  readonly messaging: MessagingSide
}

const fields = printFields(['id', 'name', 'owner_permissions', ...statusFields, ownerAppField])

/** The solution with this name that the other app owns and ours is, or was just, invited to. */
export async function findInvitation(ctx: Ctx, look: Look): Promise<LookUp> {
  const { app } = look
  const { rows, complete } = await listAll((after) =>
    ctx.graph.call(listSolutions(app.appId, { role: 'PARTNER', limit: 100, fields, after }), { app }),
  )
  const invitation = rows.find((solution) => matches(solution, look))
  if (invitation) return { createdId: invitation.id }
  return complete ? 'not-made' : 'unknown'
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
