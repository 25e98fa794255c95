import type { AppConfig } from '../config/config.ts'
import { appIdsOf, appOf, type Ctx } from '../context.ts'
import { accountOf, viewerOfAccount } from '../accounts/account.ts'
import { readMigrationIntent, type IntentNode } from '../graph/endpoints/migration-intents.ts'
import { GraphError, outcomeOf } from '../graph/error.ts'
import type { Viewer } from '../graph/viewer.ts'
import { recordedIntents } from './intent-snapshot.ts'
import { hasEnded, eventsOfChange, type RecordedIntent } from './intent-events.ts'

// Meta's reference "Migration Intent Details API"; the list is open on Graph's side.
const knownStatuses = ['INITIATED', 'ACCEPTED', 'COMPLETED', 'REJECTED'] as const
export const intentStatuses = [...knownStatuses, 'UNKNOWN'] as const
export type IntentStatus = (typeof intentStatuses)[number]

/** A migration intent: the wish to move an account among solutions, as one viewer sees it. */
export interface MigrationIntent {
  readonly id: string
  readonly viewer: Viewer
  /** Null when it cannot be read now, and when it has ended and is not read any more. */
  readonly node: IntentNode | null
  /** What the log knows of it; null when it was not made through this gateway. */
  readonly recorded: RecordedIntent | null
}

/** The status that Graph sends now, or that was last read. */
export function graphStatusOf({ node, recorded: told }: MigrationIntent): string | null {
  return node?.status ?? (told?.status === 'UNKNOWN' ? null : told?.status) ?? null
}

export function intentStatus(intent: MigrationIntent): IntentStatus {
  return statusNamed(graphStatusOf(intent))
}

export function statusNamed(sent: string | null): IntentStatus {
  return knownStatuses.find((status) => status === sent) ?? 'UNKNOWN'
}

/**
 * Reads the intent with the customer's token if there is a customer, otherwise as the first of the apps that can. Where the
 * customer's token opens nothing, the account may be one of partner-initiated creation, which the system token opens.
 */
async function readNode(
  ctx: Ctx,
  id: string,
  apps: readonly AppConfig[],
  customer: Viewer | null,
): Promise<{ readonly viewer: Viewer; readonly node: IntentNode } | null> {
  const viewers = customer ? [customer, { app: customer.app }] : apps.map((app): Viewer => ({ app }))
  let failure: GraphError | null = null
  for (const viewer of viewers) {
    try {
      const token = viewer.customer ? 'business' : 'system'
      return { viewer, node: await ctx.reads.call(readMigrationIntent(id, token), viewer) }
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (error.kind !== 'not-found') failure ??= error
    }
  }
  if (failure) throw failure
  return null
}

/** Null when no viewer can see it. `wabaId`: the account of the intent, when the caller says so. */
export async function readIntent(
  ctx: Ctx,
  id: string,
  apps: readonly AppConfig[],
  customer: Viewer | null,
  wabaId: string | null,
): Promise<MigrationIntent | null> {
  const read = await readNode(ctx, id, apps, customer)
  if (!read) return null
  const account = wabaId ?? read.node.waba?.id ?? null
  const all = account === null ? [] : await recordedIntents(ctx.log, account, appIdsOf(ctx))
  const told = all.find((one) => one.id === id) ?? null
  return { id, ...read, recorded: told && (await publishChange(ctx, told, read.node)) }
}

// Each intent may take two reads. More than one that waits for its customer is refused by Graph at any time.
const mostRead = 5
const mostShown = 20

/** The intents of an account that the caller's apps have made, newest first. Graph has no list of them. */
export async function listIntents(ctx: Ctx, wabaId: string): Promise<readonly MigrationIntent[]> {
  const all = (await recordedIntents(ctx.log, wabaId, appIdsOf(ctx))).slice(0, mostShown)
  const open = new Set(all.filter((told) => !hasEnded(told)).slice(0, mostRead))
  const shown = all.map(async (told): Promise<MigrationIntent | null> => {
    const app = appOf(ctx, told.appId)
    if (!app) return null
    return open.has(told)
      ? readRecorded(ctx, told, app)
      : { id: told.id, viewer: { app }, node: null, recorded: told }
  })
  return (await Promise.all(shown)).filter((intent) => intent !== null)
}

/** Reads the intent; when that fails, it is shown as the log knows it. */
async function readRecorded(ctx: Ctx, told: RecordedIntent, app: AppConfig): Promise<MigrationIntent> {
  const as = viewerOfAccount(await accountOf(ctx, app, told.wabaId))
  // The guides read one to leave with the system token.
  const customer = told.solutionId === null || !as.customer ? null : as
  const outcome = await outcomeOf(readNode(ctx, told.id, [app], customer))
  const node = 'value' in outcome ? (outcome.value?.node ?? null) : null
  return { id: told.id, viewer: as, node, recorded: node ? await publishChange(ctx, told, node) : told }
}

/**
 * Appends what a read has found out, so that subscribers get it as well. A store that cannot be written does not fail the
 * read.
 */
async function publishChange(ctx: Ctx, told: RecordedIntent, node: IntentNode): Promise<RecordedIntent> {
  const now = ctx.clock()
  const news = eventsOfChange(told, node, now)
  if (news.length === 0) return told
  await ctx.log.append(news).catch((error: unknown) => {
    ctx.logger.warn({ err: error, intentId: told.id }, 'news of a migration could not be stored')
  })
  return { ...told, status: node.status ?? told.status, since: now }
}
