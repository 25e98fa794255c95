import type { Ctx } from '../context.ts'
import { listSubscribedApps, type SubscribedApp } from '../graph/endpoints/wabas.ts'
import { listWhole } from '../graph/paging.ts'
import type { Reads } from '../reads/reads.ts'
import type { Account } from './account.ts'

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
