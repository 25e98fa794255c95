import type { Ctx } from '../context.ts'
import { gatewayProblem, invalidInput } from '../errors/problem.ts'
import { subscribeApp, type Override } from '../graph/endpoints/subscribed-apps.ts'
import type { Account } from './account.ts'
import { refuseCallback } from './callback-uri.ts'
import { runChange, type Changed } from './change.ts'
import { lookAtSubscription, type Subscription } from './subscription.ts'

/** Sends the account's webhooks of some fields elsewhere. Meta asks the callback first, and it must know the token. */
export async function setOverride(ctx: Ctx, account: Account, override: Override): Promise<Changed> {
  const { wabaId } = account
  const { callbackUri } = override
  return runChange(ctx, account, {
    verb: 'set_webhook_override',
    object: `waba:${wabaId}`,
    id: wabaId,
    input: [callbackUri],
    look: () => lookAtSubscription(ctx, account),
    done: (state) => (state.overrideCallbackUri === callbackUri ? wabaId : null),
    refuse: refuseUnsubscribed,
    endpoint: () => subscribeApp(wabaId, override),
  })
}

/** The subscription stays. An account that is not subscribed is left alone: the call would subscribe it. */
export async function clearOverride(ctx: Ctx, account: Account): Promise<Changed> {
  const { wabaId } = account
  return runChange(ctx, account, {
    verb: 'clear_webhook_override',
    object: `waba:${wabaId}`,
    id: wabaId,
    look: () => lookAtSubscription(ctx, account),
    done: (state) => (state.overrideCallbackUri === null ? wabaId : null),
    refuse: refuseUnsubscribed,
    endpoint: () => subscribeApp(wabaId, null),
  })
}

/** What speaks against an override before anything is asked of Graph. */
export function checkOverride(ctx: Ctx, { callbackUri, verifyToken }: Override) {
  const refused = refuseCallback(callbackUri, ctx.overrideHosts)
  if (refused !== null) return invalidInput(['input', 'callbackUri'], refused)
  if (verifyToken.length < 8 || verifyToken.length > 1000 || /\p{Cc}/u.test(verifyToken))
    return invalidInput(
      ['input', 'verifyToken'],
      'A verify token has 8 to 1000 characters, none of them a control character.',
    )
  return null
}

// Meta's page "Override webhooks": the app must be subscribed to the account before.
const refuseUnsubscribed = ({ subscribed }: Subscription) =>
  subscribed
    ? null
    : gatewayProblem('WRONG_STATE', 'The app is not subscribed to this account: subscribe it first.', false, {
        help: 'webhooks',
      })
