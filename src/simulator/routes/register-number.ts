import { needCustomerToken } from '../graph/customer-token.ts'
import { cloudError, invalid } from '../graph/error.ts'
import { type Params, requiredText, text } from '../graph/params.ts'
import { takePlace } from '../world/add-number.ts'
import { changeNumber, numberLife, setRegistered } from '../world/number.ts'
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
  if (known !== undefined && known !== pin) {
    throw cloudError(133_005, 'Two-step verification PIN mismatch', 'The PIN is not the one of this number')
  }
}

/** Step 4 of guide "Registering phone numbers". The PIN is set, or must be the one that is set. */
export const registerNumber: Route = (call) => {
  guard(call)
  const { id, params, scope } = call
  const [pin, region] = [pinOf(params), regionOf(params)]
  checkRegion(call, region)
  chargeRegistration(call)
  checkNumber(call, pin)
  changeNumber(scope.world, id, { pin, ...(region === undefined ? {} : { region }) })
  setRegistered(scope.world, id, true)
  takePlace(scope.world, id)
  return success()
}

/** The PIN stays with the number: only its owner can turn two-step verification off. */
export const deregisterNumber: Route = (call) => {
  guard(call)
  const { id, scope } = call
  chargeRegistration(call)
  if (scope.world.phones.get(id)?.registered !== true) {
    throw cloudError(133_010, 'Phone number not registered', 'The number is not registered')
  }
  setRegistered(scope.world, id, false)
  return success()
}
