import { needCustomerToken } from '../graph/customer-token.ts'
import { invalid, missing } from '../graph/error.ts'
import { optionalObject } from '../graph/params.ts'
import type { Json } from '../json.ts'
import { setNumberOverride } from '../world/number.ts'
import { verifiedOverride } from './override.ts'
import type { Route } from './route.ts'
import { accountOfPhone } from './rows.ts'
import { success } from './success.ts'

/** Meta's page "Override webhooks": of a number, before that of its account; an empty text takes it away. */
export const configureNumber: Route = async (call) => {
  const waba = accountOfPhone(call)
  const { id, params, scope } = call
  const { world, caller } = scope
  needCustomerToken(caller, waba)
  if (!params.has('webhook_configuration')) throw missing('webhook_configuration')
  const given = optionalObject(params, 'webhook_configuration')
  const uri = words(given?.override_callback_uri)
  if (given !== undefined && uri !== '' && !waba.subscribed.has(caller.app.id)) {
    throw invalid('Before override, the app must be subscribed to the account of this number')
  }
  const gone = given === undefined || uri === ''
  const override = gone ? undefined : await verifiedOverride(scope.sim, uri, words(given.verify_token))
  setNumberOverride(world, id, caller.app.id, override)
  return success()
}

const words = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
