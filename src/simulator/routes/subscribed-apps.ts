import { forbidden, invalid } from '../graph/error.ts'
import { requiredText, text } from '../graph/params.ts'
import type { Route, RouteCall } from './route.ts'
import { wabaOf } from './rows.ts'
import { success } from './success.ts'

/** Guide "Onboarding customers as a Solution Partner": the business token; it says which app subscribes. */
function guard({ scope: { caller } }: RouteCall): void {
  if (caller.kind !== 'business')
    throw forbidden("Subscribing to an account needs the customer's business token")
}

/** Meta's page "Override webhooks": without the pair, the override goes. */
export const subscribeApp: Route = async (call) => {
  guard(call)
  const { subscribed } = wabaOf(call)
  const appId = call.scope.caller.app.id
  const override = await overrideOf(call, subscribed.has(appId))
  subscribed.set(appId, override)
  return success()
}

async function overrideOf({ scope, params }: RouteCall, isSubscribed: boolean): Promise<string | null> {
  if (text(params, 'override_callback_uri') === undefined && text(params, 'verify_token') === undefined)
    return null
  const [uri, token] = [requiredText(params, 'override_callback_uri'), requiredText(params, 'verify_token')]
  if (uri.length > 200) throw invalid('Param override_callback_uri must be at most 200 characters long')
  if (!isSubscribed) throw invalid('Before override, the app must be subscribed to this account')
  await scope.sim.verify(uri, token)
  return uri
}

export const unsubscribeApp: Route = (call) => {
  guard(call)
  wabaOf(call).subscribed.delete(call.scope.caller.app.id)
  return success()
}
