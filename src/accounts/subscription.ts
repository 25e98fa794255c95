import type { Ctx } from '../context.ts'
import { listSubscribedApps, type SubscribedApp } from '../graph/endpoints/wabas.ts'
import { listWhole } from '../graph/paging.ts'
import type { Reads } from '../reads/reads.ts'
import type { Account } from './account.ts'
import { gatewayProblem } from '../errors/problem.ts'
import { subscribeApp, unsubscribeApp } from '../graph/endpoints/subscriptions.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import { onAccount, type AccountWritten } from './account-write.ts'

/** Whether an app gets an account's webhooks, and where they go instead of its own callback. */
export interface Subscription {
  readonly subscribed: boolean
  readonly overrideCallbackUri: string | null
}

type Who = Pick<Account, 'app' | 'wabaId'>

/** As it is now. */
export async function lookAtSubscription(ctx: Ctx, { app, wabaId }: Who): Promise<Subscription> {
  const read = (after: string | undefined) => ctx.graph.call(listSubscribedApps(wabaId, after), { app })
  return subscriptionOf(await listWhole(read, more), app.appId)
}

export async function readSubscription(reads: Reads, { app, wabaId }: Who): Promise<Subscription> {
  const read = (after: string | undefined, isOutdated: boolean) =>
    reads.call(listSubscribedApps(wabaId, after), { app }, isOutdated)
  return subscriptionOf(await listWhole(read, more), app.appId)
}

const more = 'The account has more apps'

function subscriptionOf(rows: readonly SubscribedApp[], appId: string): Subscription {
  const row = rows.find(({ whatsapp_business_api_data: { id } }) => id === appId)
  return { subscribed: row !== undefined, overrideCallbackUri: row?.override_callback_uri ?? null }
}

/**
 * Subscribes the app to the account's webhooks. Where it is subscribed nothing is sent, with or without an override:
 * to subscribe again would take the override away.
 */
export function subscribe(ctx: Ctx, account: Account, key: string | null): Promise<AccountWritten> {
  const { wabaId } = account
  return runWrite(ctx, {
    ...onAccount<Subscription>(ctx, account, { id: wabaId, endpoint: () => subscribeApp(wabaId, null) }),
    verb: 'subscribe_app',
    object: `waba:${wabaId}`,
    key,
    input: [wabaId],
    readState: () => lookAtSubscription(ctx, account),
    outcomeIn: ({ subscribed }) => madeIf(subscribed, wabaId),
  })
}

/** An override ends with the subscription, so it is only ended by who says so. */
export function unsubscribe(
  ctx: Ctx,
  account: Account,
  key: string | null,
  dropOverride: boolean,
): Promise<AccountWritten> {
  const { wabaId } = account
  return runWrite(ctx, {
    ...onAccount<Subscription>(ctx, account, { id: wabaId, endpoint: () => unsubscribeApp(wabaId) }),
    verb: 'unsubscribe_app',
    object: `waba:${wabaId}`,
    key,
    input: [wabaId, dropOverride],
    readState: () => lookAtSubscription(ctx, account),
    refuse: ({ overrideCallbackUri }) => (overrideCallbackUri !== null && !dropOverride ? wouldDrop : null),
    outcomeIn: ({ subscribed }) => madeIf(!subscribed, wabaId),
  })
}

const wouldDrop = gatewayProblem(
  'CONFLICT',
  'The account has a callback override, and unsubscribing ends it. Say `dropOverride: true` to end both.',
)
