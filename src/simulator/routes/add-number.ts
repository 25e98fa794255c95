import { z } from 'zod'

import { seconds } from '../clock.ts'
import { needCustomerToken } from '../graph/customer-token.ts'
import { GraphError, invalid } from '../graph/error.ts'
import { type Params, requiredText, text } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import { addNumber, digitsOf, isMoving, numberHeldBy } from '../world/add-number.ts'
import { numberLife } from '../world/number.ts'
import { accountsOf, listIn } from '../world/number-accounts.ts'
import type { PhoneRow, WabaRow, World } from '../world/rows.ts'
import type { Route, RouteCall } from './route.ts'
import { wabaOf } from './rows.ts'

const Created = z.strictObject({ id: z.string().regex(/^\d+$/) })

/** Step 1 of guide "Registering phone numbers"; with `migrate_phone_number` the move of one that is in use. */
export const addPhoneNumber: Route = (call) => {
  const waba = wabaOf(call)
  needCustomerToken(call.scope.caller, waba)
  const [cc, digits] = numberOf(call.params)
  const held = numberHeldBy(call.scope.world, digits)
  if (migrates(call.params)) refuseInNewModel(call.scope.world)
  const phone = migrates(call.params) ? move(call, waba, cc, digits, held) : add(call, waba, cc, digits, held)
  return checked('PhoneNumberAdded', Created, { id: phone.id })
}

function numberOf(params: Params): [cc: string, digits: string] {
  if (params.has('preverified_id'))
    throw invalid('Param preverified_id: there are no pre-verified numbers here')
  const cc = requiredText(params, 'cc').replace(/^\+/, '')
  if (!/^[1-9]\d{0,2}$/.test(cc)) throw invalid('Param cc must be a country calling code')
  const written = requiredText(params, 'phone_number')
  if (!/^\+?[\d\s().-]+$/.test(written)) throw invalid('Param phone_number must be a phone number')
  const digits = digitsOf(cc, written)
  if (digits.length < 7 || digits.length > 15) throw invalid('Param phone_number must be a phone number')
  return [cc, digits]
}

function migrates(params: Params): boolean {
  const given = text(params, 'migrate_phone_number') ?? 'false'
  if (given !== 'true' && given !== 'false') throw invalid('Param migrate_phone_number must be a boolean')
  return given === 'true'
}

/**
 * Third parties quote Meta's changelog of 2026-08-18: numbers of accounts on the new model are not migrated but registered
 * on the destination account. Code and text are not known.
 */
function refuseInNewModel({ settings }: World): void {
  if (settings.accountModel === 'old') return
  throw invalid(
    'Phone number migration is not supported for this WhatsApp Business Account. Register the phone number on the ' +
      'destination account instead',
  )
}

function add(
  { scope: { sim, world }, params }: RouteCall,
  waba: WabaRow,
  cc: string,
  digits: string,
  held: PhoneRow | undefined,
): PhoneRow {
  const verifiedName = requiredText(params, 'verified_name')
  if (held !== undefined) return addHeld(world, waba, held)
  const now = seconds(sim.clock.now())
  return addNumber(world, waba, { cc, digits, verifiedName, verification: 'NOT_VERIFIED', now })
}

/** Meta's page "Error codes"; that such codes stand in `error_subcode` is what third parties report. */
const present = (): GraphError =>
  new GraphError(100, '(#100) Invalid parameter', {
    subcode: 2_388_012,
    title: 'The number is there already',
    userMessage: 'This phone number is in this WhatsApp account already.',
  })

/** In the new model another account of the same customer may list the number, which stays as it is. */
function addHeld(world: World, waba: WabaRow, held: PhoneRow): PhoneRow {
  if (held.wabaIds.includes(waba.id)) throw present()
  const own = accountsOf(world, held.id).some((other) => other.ownerBusinessId === waba.ownerBusinessId)
  if (world.settings.accountModel === 'old' || !own)
    throw invalid('This phone number is already in use by a WhatsApp Business Account')
  listIn(world, held, waba)
  return held
}

// Guides "Migrating WABAs among solutions" and "Migrating customers off solutions", both via Meta Business Suite
function move(
  { scope: { sim, world }, params }: RouteCall,
  waba: WabaRow,
  cc: string,
  digits: string,
  held: PhoneRow | undefined,
): PhoneRow {
  if (held === undefined || held.wabaIds.includes(waba.id))
    throw invalid('There is no such number to migrate')
  if (numberLife(world, held.id).pin !== undefined) {
    throw invalid('Two-step verification of the number must be turned off before it is migrated')
  }
  if (isMoving(world, waba, held.id)) throw invalid('This phone number is being migrated already')
  const verifiedName = text(params, 'verified_name') ?? held.verifiedName
  const verification = agreed(world, held.wabaIds, waba.id) ? 'VERIFIED' : 'NOT_VERIFIED'
  const now = seconds(sim.clock.now())
  return addNumber(world, waba, { cc, digits, verifiedName, verification, now, replaces: held.id })
}

/** With an accepted migration intent the guides go straight on to registering. */
const agreed = (world: World, from: readonly string[], to: string): boolean =>
  [...world.intents.values()].some(
    (row) =>
      from.includes(row.wabaId) &&
      row.destinationWabaId === to &&
      (row.status === 'ACCEPTED' || row.status === 'COMPLETED'),
  )
