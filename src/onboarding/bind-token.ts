import type { AppConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { debugToken, type TokenFacts } from '../graph/endpoints/oauth.ts'
import { readOwner } from '../graph/endpoints/owner.ts'
import { GraphError } from '../graph/error.ts'

export interface Bound {
  readonly wabaId: string
  readonly businessId: string
}

/** Keeps a token as that of a customer once Graph has said whose app it belongs to and which account it opens. */
export async function bindToken(
  ctx: Ctx,
  app: AppConfig,
  token: string,
  wanted: string | null,
): Promise<Bound> {
  const { data } = await ctx.graph.call(debugToken(token), { app })
  const wabaId = accountIn(data, app.appId, wanted)
  const { owner_business_info: owner } = await ctx.graph.call(readOwner(wabaId), { app, userToken: token })
  const expiresAt = data.expires_at ? data.expires_at * 1000 : null
  const known = await ctx.log.onboarding({ wabaId }, [app.appId])
  for (const solutionId of new Set([null, known?.solutionId ?? null]))
    ctx.graph.remember({ app, customer: { businessId: owner.id, solutionId } }, token, expiresAt)
  return { wabaId, businessId: owner.id }
}

/**
 * The account that a token is for. Ids stand with the newest first: guide "Manage accounts". Where none stand, that does
 * not mean all.
 */
export function accountIn(facts: TokenFacts, appId: string, wanted: string | null): string {
  if (!facts.is_valid) throw new GraphError('token', 'Graph calls the token that came for the code invalid.')
  if (facts.app_id !== appId) throw new GraphError('permission', 'The token was issued for another app.')
  const scope = facts.granular_scopes?.find((one) => one.scope === 'whatsapp_business_management')
  const listed = scope?.target_ids ?? []
  const wabaId = wanted ?? listed[0]
  if (wabaId !== undefined && listed.some((id) => id === wabaId)) return wabaId
  throw new GraphError('permission', 'The token does not name the account among those that it opens.')
}
