import type { Ctx } from '../context.ts'
import { gatewayProblem } from '../errors/problem.ts'
import { subscribeApp, unsubscribeApp } from '../graph/endpoints/subscriptions.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import { onAccount, type AccountWritten } from './account-write.ts'
import type { Account } from './account.ts'
import { lookAtSubscription, type Subscription } from './subscription.ts'

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
