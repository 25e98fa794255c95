import { z } from 'zod'

import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { tellLimit, tellReview } from '../webhooks/alert-events.ts'
import { emptyFields } from '../nodes/waba.ts'
import { tellBan, tellRestriction } from '../webhooks/account-events.ts'
import type { WabaRow } from '../world/rows.ts'
import { isInForce, type Restriction, type WabaStanding } from '../world/standing.ts'
import { ControlError } from './error.ts'

const word = z.string().min(1).max(200)

export const Wabas = z.strictObject({
  id: z.string(),
  status: word.optional(),
  account_review_status: word.optional(),
  /** Whether the customer has a payment method of its own on the account. */
  payment_method: z.boolean().optional(),
  /** Of the owner's portfolio, and so of all its accounts and numbers. */
  messaging_limit: word.optional(),
  /** Of those that are empty otherwise. */
  fields: z.partialRecord(z.enum(emptyFields), z.json()).optional(),
  /** Restrictions that begin now, with their end in unix seconds. */
  restriction_info: z
    .array(z.strictObject({ restriction_type: word, expiration: z.int().optional() }))
    .min(1)
    .optional(),
  waba_ban_state: z.enum(['DISABLE', 'SCHEDULE_FOR_DISABLE', 'REINSTATE']).optional(),
})
type Input = z.output<typeof Wabas>

/** Plays Meta, which reviews, restricts and disables accounts, and a customer who enters a card. */
export function wabas(sim: Sim, input: Input): JsonObject {
  const { world } = sim
  const waba = world.wabas.get(input.id)
  if (waba === undefined) throw new ControlError(404, `There is no account ${input.id}`)
  const before = world.standing.wabas.get(waba.id) ?? {}
  const standing = { ...before, ...standingIn(sim, input, before) }
  world.standing.wabas.set(waba.id, standing)
  if (input.messaging_limit !== undefined) {
    world.standing.messagingLimits.set(waba.ownerBusinessId, input.messaging_limit)
  }
  return { id: waba.id, status: standing.status ?? 'ACTIVE', webhooks: tellAbout(sim, waba, input) }
}

// What the node says of a disabled account is on no page; the word is a guess
const statusAfter: Readonly<Record<string, string>> = { DISABLE: 'DISABLED', REINSTATE: 'ACTIVE' }

function standingIn({ world, clock }: Sim, input: Input, before: WabaStanding): WabaStanding {
  const { payment_method: pays, restriction_info: info, waba_ban_state: ban } = input
  const status = (ban && statusAfter[ban]) ?? input.status
  const still = (before.restrictions ?? []).filter((old) => isInForce(old, seconds(clock.now())))
  return {
    ...(status === undefined ? {} : { status }),
    ...(input.account_review_status === undefined ? {} : { reviewStatus: input.account_review_status }),
    ...(input.fields === undefined ? {} : { fields: { ...before.fields, ...input.fields } }),
    ...(pays === undefined ? {} : { paymentId: pays ? world.nextId('credential') : undefined }),
    ...(info === undefined ? {} : { restrictions: [...still, ...info.map(toRestriction)] }),
  }
}

type Given = NonNullable<Input['restriction_info']>[number]

const toRestriction = ({ restriction_type: type, expiration }: Given): Restriction => ({
  type,
  ...(expiration === undefined ? {} : { expiration }),
})

/** The apps that were told. */
function tellAbout(
  sim: Sim,
  waba: WabaRow,
  {
    restriction_info: info,
    waba_ban_state: ban,
    account_review_status: review,
    messaging_limit: limit,
  }: Input,
): string[] {
  const restricted = info === undefined ? [] : tellRestriction(sim, waba, info)
  const banned = ban === undefined ? [] : tellBan(sim, waba, ban)
  const reviewed = review === undefined ? [] : tellReview(sim, waba, review)
  const limited = limit === undefined ? [] : tellLimit(sim, waba, limit)
  return [...new Set([...restricted, ...banned, ...reviewed, ...limited])]
}
