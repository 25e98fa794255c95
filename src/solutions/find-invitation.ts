import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { listSolutions, type MessagingSide } from '../graph/endpoints/solutions.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import { printFields } from '../graph/fields.ts'
import { incompleteList, listAll } from '../graph/paging.ts'
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

/**
 * The solution with this name that the other app owns and ours is, or was just, invited to. A list that does not come to
 * rest says nothing, and whoever would invite has to ask again; of one that is too long nobody can say more than `unknown`.
 */
export async function findInvitation(ctx: Ctx, look: Look): Promise<LookUp> {
  const { app } = look
  const listed = await listAll((after) =>
    ctx.graph.call(listSolutions(app.appId, { role: 'PARTNER', limit: 100, fields, after }), { app }),
  )
  const invitation = listed.rows.find((solution) => matches(solution, look))
  if (invitation) return { createdId: invitation.id }
  if (listed.isChanging) throw incompleteList(listed, 'The app is invited to more solutions')
  return listed.complete ? 'not-made' : 'unknown'
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
