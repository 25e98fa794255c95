import type { AppConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { readMigrationIntent, type IntentNode } from '../graph/endpoints/migration-intents.ts'
import { GraphError } from '../graph/error.ts'
import type { Viewer } from '../graph/viewer.ts'

// Meta's reference "Migration Intent Details API"; the list is open on Graph's side.
const known = ['INITIATED', 'ACCEPTED', 'COMPLETED', 'REJECTED'] as const
export const intentStatuses = [...known, 'UNKNOWN'] as const
export type IntentStatus = (typeof intentStatuses)[number]

/** A wish to move an account among solutions, as one viewer sees it. */
export interface Intent {
  readonly id: string
  readonly viewer: Viewer
  /** Null when it was made and cannot be read now. */
  readonly node: IntentNode | null
}

export function intentStatus({ node }: Intent): IntentStatus {
  return known.find((status) => status === node?.status) ?? 'UNKNOWN'
}

/**
 * As the customer's token shows it, where there is a customer, else as the first of the apps sees it. Where that token
 * opens nothing, the account may be one of partner-initiated creation, which the system token opens.
 */
export async function readIntent(
  ctx: Ctx,
  id: string,
  apps: readonly AppConfig[],
  customer: Viewer | null,
): Promise<Intent | null> {
  const viewers = customer ? [customer, { app: customer.app }] : apps.map((app): Viewer => ({ app }))
  let failure: GraphError | null = null
  for (const viewer of viewers) {
    try {
      const token = viewer.customer ? 'business' : 'system'
      return { id, viewer, node: await ctx.reads.call(readMigrationIntent(id, token), viewer) }
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (error.kind !== 'not-found') failure ??= error
    }
  }
  if (failure) throw failure
  return null
}
