import type { Ctx } from '../context.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Account } from './account.ts'

const fields: FieldTree = [
  {
    name: 'solutions',
    limit: 100,
    fields: [
      'id',
      'owner_permissions',
      { name: 'owner_app', fields: ['id'] },
      {
        name: 'partners',
        limit: 100,
        fields: ['id', 'partner_permissions', { name: 'partner_app', fields: ['id'] }],
      },
    ],
  },
]

/** What the solutions that onboarded the account gave our app; null when it came through none. */
export async function permissionsOn(ctx: Ctx, { app, wabaId }: Account): Promise<readonly string[] | null> {
  const { solutions } = await ctx.reads.node('ClientWaba', wabaId, { app }, fields)
  const rows = solutions?.data ?? []
  return rows.length === 0 ? null : rows.flatMap((solution) => ours(solution, app.appId))
}

function ours(solution: SolutionNode, appId: string): readonly string[] {
  if (solution.owner_app?.id === appId) return solution.owner_permissions ?? []
  const row = solution.partners?.data.find((partner) => partner.partner_app?.id === appId)
  return row?.partner_permissions ?? []
}
