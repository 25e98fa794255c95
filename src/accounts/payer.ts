import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import type { Party } from '../errors/problem.ts'
import { onboardingOf } from './account.ts'

/**
 * Whose turn it is when nothing pays for an account, as far as that can be told without asking Graph: ours when the app has a
 * credit line, else the partner's in whose solution the account came, else the customer's, who can enter a card.
 */
export async function payerOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Party> {
  if (app.creditLineId !== null) return 'US'
  const [taken] = await ctx.sharings.find({ wabaId }, [app.appId])
  if (taken) return 'US'
  const onboarding = await onboardingOf(ctx, { wabaId }, app.appId)
  return onboarding !== null && onboarding.solutionId !== null ? 'PARTNER' : 'CUSTOMER'
}
