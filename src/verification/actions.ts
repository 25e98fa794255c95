import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { GraphError } from '../graph/error.ts'
import { refuseSubmission } from './refuse.ts'
import { readSubmissions } from './submissions.ts'

export const verificationActions = ['SUBMIT_VERIFICATION'] as const

export interface VerificationActionState {
  readonly action: (typeof verificationActions)[number]
  readonly appId: string
  /** Why not; null when nothing known speaks against it. */
  readonly reason: string | null
}

/** Whether a customer's documents may be submitted now. Whom Graph shows no attempts it lets make none. */
export async function verificationState(
  ctx: Ctx,
  app: AppConfig,
  businessId: string,
): Promise<VerificationActionState> {
  return { action: 'SUBMIT_VERIFICATION', appId: app.appId, reason: await whyNot(ctx, app, businessId) }
}

async function whyNot(ctx: Ctx, app: AppConfig, businessId: string): Promise<string | null> {
  if (businessId === app.businessId) return 'This is the business of the app, and no customer of it.'
  try {
    return refuseSubmission(await readSubmissions(ctx, app, businessId))?.message ?? null
  } catch (error) {
    if (error instanceof GraphError && !error.transient) return error.message
    throw error
  }
}
