import { builder } from '../graphql/builder.ts'
import { Business } from '../graphql/refs.ts'
import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { GraphError } from '../graph/error.ts'
import { readSubmissions, refuseSubmission } from './submissions.ts'

export const verificationActions = ['SUBMIT_VERIFICATION'] as const

export interface VerificationActionState {
  readonly action: (typeof verificationActions)[number]
  readonly appId: string
  /** Why not; null when nothing known speaks against it. */
  readonly reason: string | null
}

/** Whether a customer's documents may be submitted now. An app to which Graph shows no attempts may make none. */
export async function verificationState(
  ctx: Ctx,
  app: AppConfig,
  businessId: string,
): Promise<VerificationActionState> {
  return {
    action: 'SUBMIT_VERIFICATION',
    appId: app.appId,
    reason: await refusalReason(ctx, app, businessId),
  }
}

async function refusalReason(ctx: Ctx, app: AppConfig, businessId: string): Promise<string | null> {
  if (businessId === app.businessId) return 'This is the business of the app, and no customer of it.'
  try {
    return refuseSubmission(await readSubmissions(ctx, app, businessId))?.message ?? null
  } catch (error) {
    if (error instanceof GraphError && !error.transient) return error.message
    throw error
  }
}

const BusinessAction = builder.enumType('BusinessAction', {
  description: "What can be done for a customer's portfolio.",
  values: {
    SUBMIT_VERIFICATION: { description: 'submitBusinessVerification: have Meta look at its documents.' },
  } satisfies Record<(typeof verificationActions)[number], object>,
})

const BusinessActionState = builder.objectRef<VerificationActionState>('BusinessActionState').implement({
  description: 'Whether an app may do something for a portfolio now.',
  fields: (t) => ({
    action: t.expose('action', { type: BusinessAction, description: 'What.' }),
    appId: t.exposeString('appId', { description: 'The app that would act.' }),
    available: t.boolean({
      description: 'True when nothing known speaks against it; Graph decides about the rest.',
      resolve: ({ reason }) => reason === null,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why not, for a person to read; null when available.',
    }),
  }),
})

builder.objectField(Business, 'actions', (t) =>
  t.field({
    type: [BusinessActionState],
    nullable: true,
    description:
      'What the app that shows the portfolio may do for it: each action, and why not. Told from what it has submitted ' +
      'before, which Graph shows approved Solution Partners only; attempts by others are not seen. Null only beside an error that says why it could not be read.',
    resolve: async ({ id, viewer: { app } }, _, ctx) => [await verificationState(ctx, app, id)],
  }),
)
