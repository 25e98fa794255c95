import { z } from 'zod'

import { seconds } from '../clock.ts'
import { accountSeen } from '../graph/access.ts'
import type { Scope } from './bound.ts'
import type { JsonObject } from '../json.ts'
import { fundingOf } from '../world/credit.ts'
import type { PhoneRow, WabaRow, World } from '../world/rows.ts'
import { isInForce } from '../world/standing.ts'

const Entity = z.looseObject({ entity_type: z.string(), id: z.string(), can_send_message: z.string() })
export const Health = z.strictObject({ can_send_message: z.string(), entities: z.array(Entity) })

interface Judged {
  readonly can_send_message: 'AVAILABLE' | 'LIMITED' | 'BLOCKED'
  readonly errors?: readonly JsonObject[]
  readonly additional_info?: readonly string[]
}

const available: Judged = { can_send_message: 'AVAILABLE' }

const failing = (
  can_send_message: 'LIMITED' | 'BLOCKED',
  error_code: number,
  error_description: string,
  possible_solution: string,
): Judged => ({ can_send_message, errors: [{ error_code, error_description, possible_solution }] })

const limited = (info: string): Judged => ({ can_send_message: 'LIMITED', additional_info: [info] })

function judgeWaba(world: World, waba: WabaRow, now: number): Judged {
  const { status = 'ACTIVE', restrictions = [] } = world.standing.wabas.get(waba.id) ?? {}
  if (status !== 'ACTIVE') {
    return failing(
      'BLOCKED',
      131031,
      'The account has been locked.',
      'Appeal the decision in Business Support Home.',
    )
  }
  if (fundingOf(world, waba.id) === undefined) {
    return failing(
      'BLOCKED',
      141006,
      'There is an error with the payment method.',
      'Add a payment method to the account, or share a credit line with it.',
    )
  }
  const inForce = restrictions.filter((restriction) => isInForce(restriction, now))
  return inForce.length > 0
    ? limited(`The account is restricted: ${inForce.map(({ type }) => type).join(', ')}.`)
    : available
}

function judgeBusiness(world: World, businessId: string): Judged {
  if (world.businesses.get(businessId)?.verificationStatus === 'verified') return available
  return failing('LIMITED', 141010, 'The business has not been verified.', 'Complete business verification.')
}

function judgeNumber(world: World, phone: PhoneRow): Judged {
  const { nameStatus = 'APPROVED' } = world.standing.numbers.get(phone.id) ?? {}
  if (!phone.registered) {
    return failing('BLOCKED', 133010, 'The phone number is not registered.', 'Register the phone number.')
  }
  return nameStatus === 'APPROVED'
    ? available
    : limited('The display name has not been approved yet, so the messaging limit will not rise.')
}

const rank = (status: string): number => {
  const place = ['AVAILABLE', 'LIMITED', 'BLOCKED'].indexOf(status)
  return place < 0 ? 3 : place
}

/** Meta's page "Messaging health status": the whole is as bad as its worst part. */
function together(world: World, parts: readonly (readonly [type: string, id: string, Judged])[]): JsonObject {
  const entities = parts.map(([entity_type, id, judged]) => ({
    entity_type,
    id,
    ...judged,
    ...world.standing.health.get(id),
  }))
  const statuses = entities.map((entity) => String(entity.can_send_message))
  const worst = statuses.toSorted((a, b) => rank(b) - rank(a))[0] ?? 'AVAILABLE'
  return { can_send_message: worst, entities }
}

/** The app is the one that asks. */
function around({ world, sim, caller }: Scope, waba: WabaRow) {
  return [
    ['WABA', waba.id, judgeWaba(world, waba, seconds(sim.clock.now()))],
    ['BUSINESS', waba.ownerBusinessId, judgeBusiness(world, waba.ownerBusinessId)],
    ['APP', caller.app.id, available],
  ] as const
}

export const wabaHealth = (scope: Scope, waba: WabaRow): JsonObject =>
  together(scope.world, around(scope, waba))

export function numberHealth(scope: Scope, phone: PhoneRow): JsonObject {
  // Which account is named when several list the number, is on no page: here the first that the caller sees
  const waba = accountSeen(scope.world, scope.caller, phone.id)
  const own = ['PHONE_NUMBER', phone.id, judgeNumber(scope.world, phone)] as const
  return together(scope.world, [own, ...(waba === undefined ? [] : around(scope, waba))])
}
