import { randomInt } from 'node:crypto'
import { z } from 'zod'

import { needCustomerToken } from '../graph/customer-token.ts'
import { cloudError, invalid } from '../graph/error.ts'
import { type Params, requiredText } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import { changeNumber, numberLife } from '../world/number.ts'
import { type BizApp, type SyncType, syncTypes } from '../world/partner-side.ts'
import type { Route, RouteCall } from './route.ts'
import { accountOfPhone } from './rows.ts'

const window = 24 * 3_600_000

const Accepted = z.strictObject({ messaging_product: z.literal('whatsapp'), request_id: z.string().min(1) })

/**
 * Meta's page "Onboarding WhatsApp Business app users": asks for the contacts or the history of a number, each once and
 * within 24 hours. The data would come in webhooks, which are not sent here.
 */
export const syncAppData: Route = (call) => {
  const type = typeOf(call.params)
  const bizApp = guard(call)
  const { id, scope } = call
  if (bizApp.synced.includes(type))
    throw cloudError(2_593_107, 'Synchronization request limit exceeded', 'This was asked for already')
  if (scope.sim.clock.now() - bizApp.onboardedAt > window)
    throw cloudError(
      2_593_108,
      'Synchronization requested outside of the allowed window',
      'This is possible within 24 hours',
    )
  changeNumber(scope.world, id, { bizApp: { ...bizApp, synced: [...bizApp.synced, type] } })
  const request_id = Array.from({ length: 22 }, () => letters[randomInt(letters.length)]).join('')
  return checked('AppDataSync', Accepted, { messaging_product: 'whatsapp', request_id })
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function typeOf(params: Params): SyncType {
  if (requiredText(params, 'messaging_product') !== 'whatsapp')
    throw invalid('Param messaging_product must be whatsapp')
  const given = requiredText(params, 'sync_type')
  const type = syncTypes.find((known) => known === given)
  if (type === undefined) throw invalid(`Param sync_type must be one of {${syncTypes.join(', ')}}`)
  return type
}

/** The page has the app subscribed to the account first: what is asked for comes in webhooks. */
function guard(call: RouteCall): BizApp {
  const { scope, id } = call
  const waba = accountOfPhone(call)
  needCustomerToken(scope.caller, waba)
  const { bizApp } = numberLife(scope.world, id)
  if (bizApp === undefined) throw invalid('This phone number is not used with the WhatsApp Business app')
  if (!waba.subscribed.has(scope.caller.app.id))
    throw invalid('The app must be subscribed to the account of this number')
  return bizApp
}
