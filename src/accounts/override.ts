import type { Ctx } from '../context.ts'
import { gatewayProblem, invalidInput } from '../errors/problem.ts'
import { subscribeApp, type Override } from '../graph/endpoints/subscriptions.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import { onAccount, type AccountWritten } from './account-write.ts'
import type { Account } from './account.ts'
import { lookAtSubscription, type Subscription } from './subscription.ts'
import { isIP } from 'node:net'

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

/** Meta's page "Override webhooks": 200 characters at most. */
const longest = 200

/**
 * What speaks against a callback for a customer's webhooks; null when nothing does. Only hosts that the operator has
 * listed: without a list, whoever may call could send a customer's messages anywhere.
 */
export function refuseCallback(text: string, hosts: readonly string[]): string | null {
  if (text.length > longest) return `A callback has ${longest} characters at most.`
  const url = URL.parse(text)
  if (!url || /[\s\\]/.test(text)) return 'A callback is an https URL.'
  if (url.protocol !== 'https:') return 'A callback must be https.'
  if (url.username !== '' || url.password !== '') return 'A callback holds no user name and no password.'
  if (url.hash !== '') return 'A callback has no fragment.'
  return refuseHost(url.hostname, text) ?? refuseUnlisted(url.host, hosts)
}

function refuseHost(name: string, text: string): string | null {
  // Numbers are written in many ways, and all of them come out of URL as plain addresses.
  if (name.startsWith('[') || isIP(name) !== 0) return 'A callback names a host, not an address.'
  if (/^(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))\.?$/.test(name))
    return 'A callback must be reachable for Meta.'
  const isForeign = /(?:^|\.)xn--/.test(name) || /[^\x20-\x7e]/.test(text)
  return isForeign ? 'A callback is plain ASCII, without punycode.' : null
}

function refuseUnlisted(host: string, hosts: readonly string[]): string | null {
  if (hosts.length === 0)
    return 'Callback overrides are off: the operator lists allowed hosts in WEBHOOK_OVERRIDE_HOSTS.'
  if (hosts.some((pattern) => fits(pattern, host))) return null
  return 'The host of this callback is not among those that the operator allows.'
}

/** `*.example.com` is any one name or more below it, and not example.com itself. */
function fits(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : host === pattern
}
