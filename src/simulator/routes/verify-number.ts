import { needCustomerToken } from '../graph/customer-token.ts'
import { cloudError, invalid } from '../graph/error.ts'
import { type Params, requiredText } from '../graph/params.ts'
import { changeNumber, numberLife, verifyNumber } from '../world/number.ts'
import { makeCode } from '../world/secrets.ts'
import type { Route, RouteCall } from './route.ts'
import { accountOfPhone } from './rows.ts'
import { success } from './success.ts'

const methods = new Set(['SMS', 'VOICE'])

function guard(call: RouteCall): void {
  needCustomerToken(call.scope.caller, accountOfPhone(call))
}

function checkRequest(params: Params): void {
  if (!methods.has(requiredText(params, 'code_method'))) {
    throw invalid('Param code_method must be one of {SMS, VOICE}')
  }
  if (!/^[a-z]{2,3}(_[A-Z]{2})?$/.test(requiredText(params, 'language'))) {
    throw invalid('Param language must be a language code such as en_US')
  }
}

/** Step 2 of guide "Registering phone numbers". Nothing is sent: `GET /__sim/state` shows the code. */
export const requestCode: Route = (call) => {
  guard(call)
  const { id, params, scope } = call
  const { sim, world } = scope
  checkRequest(params)
  if (numberLife(world, id).verification === 'VERIFIED') {
    // As third parties recorded it, with HTTP 400 and words for people
    throw cloudError(136_024, 'Request code error', 'The phone number is verified already', {
      title: 'No code is needed',
      userMessage: 'This phone number is verified already.',
    })
  }
  changeNumber(world, id, { code: makeCode(id, String(sim.clock.now())) })
  return success()
}

/** Step 3: the code without its hyphen. */
export const verifyCode: Route = (call) => {
  guard(call)
  const { id, params, scope } = call
  const code = requiredText(params, 'code')
  if (!/^\d{6}$/.test(code)) throw invalid('Param code must be six digits, without a hyphen')
  // Third parties recorded this code for a wrong one
  if (numberLife(scope.world, id).code !== code) {
    throw cloudError(136_025, 'Verify code error', 'The code is not the one that was sent', {
      title: 'Wrong code',
      userMessage: 'This is not the code that was sent to the phone number.',
    })
  }
  verifyNumber(scope.world, id)
  return success()
}
