import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { changeNumber, numberLife, putOnBizApp, removePin, takeOffBizApp } from '../world/number.ts'
import { verifications } from '../world/partner-side.ts'
import { tellNumberLeft } from '../webhooks/account-events.ts'
import { tellNameReview, tellOfficial, tellPinChanged, tellThroughput } from '../webhooks/alert-events.ts'
import type { PhoneRow } from '../world/rows.ts'
import type { NumberStanding } from '../world/standing.ts'
import { ControlError } from './error.ts'

const word = z.string().min(1).max(200).optional()

export const Phones = z.strictObject({
  id: z.string(),
  /** What two-step verification asks for; null turns it off. */
  pin: z
    .string()
    .regex(/^\d{6}$/)
    .nullable()
    .optional(),
  verification: z.enum(verifications).optional(),
  // As Graph names its fields; every list of values is open
  status: word,
  name_status: word,
  new_display_name: word.nullable(),
  new_name_status: word,
  quality_rating: word,
  throughput: word,
  account_mode: word,
  is_official_business_account: z.boolean().optional(),
  is_on_biz_app: z.boolean().optional(),
})
type Input = z.output<typeof Phones>

/** Plays the owner of a number, who sets a PIN or turns it off, a verification that has run out, and Meta's reviews. */
export function phones(sim: Sim, input: Input): JsonObject {
  const { world, clock } = sim
  const { id, pin, verification } = input
  const phone = world.phones.get(id)
  if (phone === undefined) throw new ControlError(404, `There is no phone number ${id}`)
  const wasOnBizApp = numberLife(world, id).bizApp !== undefined
  if (pin === null) removePin(world, id)
  else if (pin !== undefined) changeNumber(world, id, { pin })
  if (verification !== undefined) changeNumber(world, id, { verification })
  if (input.is_on_biz_app === true) putOnBizApp(world, id, clock.now())
  if (input.is_on_biz_app === false) takeOffBizApp(world, id)
  const standing = { ...world.standing.numbers.get(id), ...standingIn(input) }
  world.standing.numbers.set(id, standing)
  const life = numberLife(world, id)
  const left = wasOnBizApp && life.bizApp === undefined ? tellNumberLeft(sim, phone) : []
  const webhooks = [...new Set([...left, ...tellAlerts(sim, phone, input)])]
  return { id, pin: life.pin ?? null, verification: life.verification, standing, webhooks }
}

/** What a webhook is documented for. The apps that were told. */
function tellAlerts(sim: Sim, phone: PhoneRow, input: Input): string[] {
  const waiting = sim.world.standing.numbers.get(phone.id)?.newDisplayName ?? phone.verifiedName
  const { name_status: old, new_name_status: fresh } = input
  return [
    ...(typeof input.pin === 'string' ? tellPinChanged(sim, phone) : []),
    ...(old === undefined ? [] : tellNameReview(sim, phone, { name: phone.verifiedName, status: old })),
    ...(fresh === undefined ? [] : tellNameReview(sim, phone, { name: waiting, status: fresh })),
    ...(input.throughput === 'HIGH' ? tellThroughput(sim, phone) : []),
    ...(input.is_official_business_account === true ? tellOfficial(sim, phone) : []),
  ]
}

/** What was given; a name of `null` no longer waits. */
function standingIn(input: Input): NumberStanding {
  const { new_display_name: name } = input
  const given = {
    status: input.status,
    nameStatus: input.name_status,
    newNameStatus: input.new_name_status,
    quality: input.quality_rating,
    throughput: input.throughput,
    accountMode: input.account_mode,
    official: input.is_official_business_account,
  }
  const known = Object.entries(given).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(known),
    ...(name === undefined ? {} : { newDisplayName: name ?? undefined }),
  }
}
