import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { listSystemUsers } from '../graph/endpoints/assigned-users.ts'
import { debugToken } from '../graph/endpoints/tokens.ts'
import { unlessRefused } from '../graph/error.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Account } from '../accounts/account.ts'

// A token speaks for one user as long as it lives.
const known = new WeakMap<AppConfig, string>()

/** Our system user: the only one of the portfolio, else whom the system token speaks for. */
export async function systemUserOf(ctx: Ctx, app: AppConfig): Promise<string | Problem> {
  const found =
    known.get(app) ?? (await unlessRefused(onlyOne(ctx, app))) ?? (await unlessRefused(ofToken(ctx, app)))
  if (found === null) return unclear(app)
  known.set(app, found)
  return found
}

async function onlyOne(ctx: Ctx, app: AppConfig): Promise<string | null> {
  const { data, after } = await ctx.graph.call(listSystemUsers(app.businessId), { app }, ctx.signal)
  const [only, ...others] = data
  return others.length > 0 || after !== null ? null : (only?.id ?? null)
}

// Guide "Manage accounts": `user_id` of debug_token. It comes second, since the token to look at stands in its address.
async function ofToken(ctx: Ctx, app: AppConfig): Promise<string | null> {
  const { data } = await ctx.graph.call(debugToken(app.systemToken), { app }, ctx.signal)
  return data.user_id ?? null
}

const unclear = (app: AppConfig): Problem =>
  gatewayProblem(
    'NOT_PERMITTED',
    `Which system user of business ${app.businessId} the token of app ${app.appId} speaks for cannot be told.`,
  )

const systemUserFields: FieldTree = [
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
  const { solutions } = await ctx.reads.node('ClientWaba', wabaId, { app }, systemUserFields)
  const rows = solutions?.data ?? []
  return rows.length === 0 ? null : rows.flatMap((solution) => ours(solution, app.appId))
}

function ours(solution: SolutionNode, appId: string): readonly string[] {
  if (solution.owner_app?.id === appId) return solution.owner_permissions ?? []
  const row = solution.partners?.data.find((partner) => partner.partner_app?.id === appId)
  return row?.partner_permissions ?? []
}
