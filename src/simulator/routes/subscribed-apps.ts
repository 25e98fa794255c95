import { needCustomerToken } from '../graph/customer-token.ts'
import { invalid } from '../graph/error.ts'
import { text } from '../graph/params.ts'
import { verifiedOverride } from './override.ts'
import type { Route, RouteCall } from './route.ts'
import { wabaOf } from './rows.ts'
import { success } from './success.ts'

/** Guide "Onboarding customers as a Solution Partner": the business token; it says which app subscribes. */
export const subscribeApp: Route = async (call) => {
  const waba = wabaOf(call)
  const { app } = call.scope.caller
  needCustomerToken(call.scope.caller, waba)
  waba.subscribed.set(app.id, await overrideOf(call, waba.subscribed.has(app.id)))
  return success()
}

/** Meta's page "Override webhooks": without the pair, the override goes. */
async function overrideOf({ scope, params }: RouteCall, isSubscribed: boolean): Promise<string | null> {
  const [uri, token] = [text(params, 'override_callback_uri'), text(params, 'verify_token')]
  if (uri === undefined && token === undefined) return null
  if (!isSubscribed) throw invalid('Before override, the app must be subscribed to this account')
  return verifiedOverride(scope.sim, uri, token)
}

export const unsubscribeApp: Route = (call) => {
  const waba = wabaOf(call)
  needCustomerToken(call.scope.caller, waba)
  waba.subscribed.delete(call.scope.caller.app.id)
  return success()
}
