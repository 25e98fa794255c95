import { z } from 'zod'

import { needCustomerToken } from '../graph/customer-token.ts'
import { cloudError, invalid } from '../graph/error.ts'
import { type Params, requiredText, text } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import { takePlace } from '../world/add-number.ts'
import { changeNumber, deregister, numberLife, register } from '../world/number.ts'
import { accountsOf } from '../world/number-accounts.ts'
import { chargeRegistration } from './registration-limit.ts'
import type { Route, RouteCall } from './route.ts'
import { accountOfPhone } from './rows.ts'
import { success } from './success.ts'

// Meta's page "Business phone numbers, registration"
const regions = new Set('AU ID IN JP SG KR DE CH GB BR BH ZA AE CA'.split(' '))

/** The same page: both WhatsApp permissions. */
function guard(call: RouteCall): void {
  const waba = accountOfPhone(call)
  needCustomerToken(call.scope.caller, waba)
  needCustomerToken(call.scope.caller, waba, 'whatsapp_business_messaging')
}

function pinOf(params: Params): string {
  if (requiredText(params, 'messaging_product') !== 'whatsapp') {
    throw invalid('Param messaging_product must be whatsapp')
  }
  const pin = requiredText(params, 'pin')
  if (!/^\d{6}$/.test(pin)) throw invalid('Param pin must be six digits')
  return pin
}

function regionOf(params: Params): string | undefined {
  const region = text(params, 'data_localization_region')
  if (region !== undefined && !regions.has(region)) {
    throw invalid(`Param data_localization_region must be one of {${[...regions].join(', ')}}`)
  }
  return region
}

/** Only deregistering makes room for another region. */
function checkRegion(call: RouteCall, region: string | undefined): void {
  const { world } = call.scope
  const registered = world.phones.get(call.id)?.registered === true
  if (registered && region !== undefined && region !== numberLife(world, call.id).region) {
    throw invalid('data_localization_region of a registered number cannot be changed: deregister it first')
  }
}

/** Meta's page "Onboarding WhatsApp Business app users": such numbers are neither registered nor deregistered. */
function refuseOnBizApp({ scope, id }: RouteCall): void {
  if (numberLife(scope.world, id).bizApp !== undefined)
    throw invalid('This phone number is used with the WhatsApp Business app')
}

/** Page "Updates to WhatsApp Business accounts": what another partner registered, keeps its PIN. */
function keepsItsPin({ scope: { world, caller }, id }: RouteCall): boolean {
  if (world.settings.accountModel === 'old' || world.phones.get(id)?.registered !== true) return false
  const { registeredBy } = numberLife(world, id)
  const [first] = accountsOf(world, id)
  const registrars = registeredBy === undefined ? (first?.sharedWith ?? []) : [registeredBy]
  return !registrars.includes(caller.app.businessId)
}

// Codes of Meta's page "Error codes"
function checkNumber(call: RouteCall, pin: string): void {
  const { verification, pin: known } = numberLife(call.scope.world, call.id)
  if (verification !== 'VERIFIED') {
    throw cloudError(
      133_006,
      'Phone number re-verification needed',
      'Verify the number before registering it',
    )
  }
  if (known !== undefined && known !== pin && !keepsItsPin(call)) {
    throw cloudError(133_005, 'Two-step verification PIN mismatch', 'The PIN is not the one of this number')
  }
}

/** Its answer says that the PIN was not reset: the same page, without the name of the key. This one is a guess. */
const Registered = z.strictObject({ success: z.literal(true), pin_reset: z.literal(false) })

/** Step 4 of guide "Registering phone numbers". The PIN is set, or must be the one that is set. */
export const registerNumber: Route = (call) => {
  guard(call)
  refuseOnBizApp(call)
  const { id, params, scope } = call
  const [pin, region] = [pinOf(params), regionOf(params)]
  checkRegion(call, region)
  chargeRegistration(call)
  checkNumber(call, pin)
  if (keepsItsPin(call)) return checked('NumberRegistered', Registered, { success: true, pin_reset: false })
  changeNumber(scope.world, id, { pin, ...(region === undefined ? {} : { region }) })
  register(scope.world, id, scope.caller.app.businessId)
  takePlace(scope.world, id)
  return success()
}

/** The PIN stays with the number: only its owner can turn two-step verification off. */
export const deregisterNumber: Route = (call) => {
  guard(call)
  refuseOnBizApp(call)
  const { id, scope } = call
  chargeRegistration(call)
  if (scope.world.phones.get(id)?.registered !== true) {
    throw cloudError(133_010, 'Phone number not registered', 'The number is not registered')
  }
  deregister(scope.world, id)
  return success()
}
