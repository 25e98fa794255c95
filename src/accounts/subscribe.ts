import type { Ctx } from '../context.ts'
import { gatewayProblem } from '../errors/problem.ts'
import { subscribeApp, unsubscribeApp } from '../graph/endpoints/subscribed-apps.ts'
import type { Account } from './account.ts'
import { runChange, type Changed } from './change.ts'
import { lookAtSubscription } from './subscription.ts'

/**
 * Subscribes the app to the account's webhooks. Where it is subscribed nothing is sent, with or without an override:
 * to subscribe again would take the override away.
 */
export function subscribe(ctx: Ctx, account: Account): Promise<Changed> {
  const { wabaId } = account
  return runChange(ctx, account, {
    verb: 'subscribe_app',
    object: `waba:${wabaId}`,
    id: wabaId,
    look: () => lookAtSubscription(ctx, account),
    done: ({ subscribed }) => (subscribed ? wabaId : null),
    endpoint: () => subscribeApp(wabaId, null),
  })
}

/** An override ends with the subscription, so it is only ended by who says so. */
export function unsubscribe(ctx: Ctx, account: Account, dropOverride: boolean): Promise<Changed> {
  const { wabaId } = account
  return runChange(ctx, account, {
    verb: 'unsubscribe_app',
    object: `waba:${wabaId}`,
    id: wabaId,
    input: [dropOverride],
    look: () => lookAtSubscription(ctx, account),
    done: ({ subscribed }) => (subscribed ? null : wabaId),
    refuse: ({ overrideCallbackUri }) => (overrideCallbackUri !== null && !dropOverride ? wouldDrop : null),
    endpoint: () => unsubscribeApp(wabaId),
  })
}

const wouldDrop = gatewayProblem(
  'CONFLICT',
  'The account has a callback override, and unsubscribing ends it. Say `dropOverride: true` to end both.',
)
