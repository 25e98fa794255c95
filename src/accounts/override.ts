import type { Ctx } from '../context.ts'
import { gatewayProblem, invalidInput } from '../errors/problem.ts'
import { subscribeApp, type Override } from '../graph/endpoints/subscriptions.ts'
import { runWrite } from '../writes/run.ts'
import { madeIf } from '../writes/write.ts'
import { onAccount, type AccountWritten } from './account-write.ts'
import type { Account } from './account.ts'
import { refuseCallback } from './callback-uri.ts'
import { lookAtSubscription, type Subscription } from './subscription.ts'

/** Sends the account's webhooks of some fields elsewhere. Meta asks the callback first, and it must know the token. */
export function setOverride(
  ctx: Ctx,
  account: Account,
  key: string | null,
  override: Override,
): Promise<AccountWritten> {
  const { wabaId } = account
  const { callbackUri } = override
  return runWrite(ctx, {
    ...onAccount<Subscription>(ctx, account, { id: wabaId, endpoint: () => subscribeApp(wabaId, override) }),
    verb: 'set_webhook_override',
    object: `waba:${wabaId}`,
    key,
    // The verify token is a secret, and not compared.
    input: [wabaId, callbackUri],
    readState: () => lookAtSubscription(ctx, account),
    refuse: refuseUnsubscribed,
    outcomeIn: (state) => madeIf(state.overrideCallbackUri === callbackUri, wabaId),
  })
}

/** The subscription stays. An account that is not subscribed is left alone: the call would subscribe it. */
export function clearOverride(ctx: Ctx, account: Account, key: string | null): Promise<AccountWritten> {
  const { wabaId } = account
  return runWrite(ctx, {
    ...onAccount<Subscription>(ctx, account, { id: wabaId, endpoint: () => subscribeApp(wabaId, null) }),
    verb: 'clear_webhook_override',
    object: `waba:${wabaId}`,
    key,
    input: [wabaId],
    readState: () => lookAtSubscription(ctx, account),
    refuse: refuseUnsubscribed,
    outcomeIn: (state) => madeIf(state.overrideCallbackUri === null, wabaId),
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
