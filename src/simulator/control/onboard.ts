import { z } from 'zod'

import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { tellPartnerAdded } from '../webhooks/events.ts'
import { addCustomer } from '../world/customer.ts'
import { customerName, placeOf } from '../world/names.ts'
import type { SolutionRow } from '../world/rows.ts'
import { appIdsOf } from '../world/solution.ts'
import { ControlError } from './error.ts'

const text = z.string().min(1).max(200)

export const Onboard = z.strictObject({
  solution_id: z.string().optional(),
  /** Whose signup it is when there is no solution; the first app when left out. */
  app_id: z.string().optional(),
  business_name: text.optional(),
  waba_name: text.optional(),
  /** Whether the number is registered already. After a real signup it is not. */
  registered: z.boolean().default(false),
})

/** A solution onboards customers while it is active, also with a deactivation asked for (Meta's guide). */
function solutionOf({ world }: Sim, id: string): SolutionRow {
  const solution = world.solutions.get(id)
  if (solution === undefined) throw new ControlError(404, `There is no solution ${id}`)
  if (solution.status !== 'ACTIVE') {
    throw new ControlError(409, `Solution ${id} is ${solution.status}: it onboards no customers`)
  }
  return solution
}

function appOf({ world }: Sim, id: string | undefined): string {
  const appId = id ?? world.apps.keys().next().value
  if (appId === undefined || !world.apps.has(appId))
    throw new ControlError(404, `There is no app ${id ?? ''}`)
  return appId
}

/** Plays a customer that finishes Embedded Signup. */
export function onboard(sim: Sim, input: z.output<typeof Onboard>): JsonObject {
  const { world } = sim
  const solution = input.solution_id === undefined ? undefined : solutionOf(sim, input.solution_id)
  const appIds = solution === undefined ? [appOf(sim, input.app_id)] : appIdsOf(world, solution)
  const index = world.wabas.size
  const businessName = input.business_name ?? customerName(index)
  const { business, waba, phones } = addCustomer(world, {
    businessName,
    wabaName: input.waba_name ?? `${businessName} WhatsApp`,
    verificationStatus: 'not_verified',
    place: placeOf(index),
    numbers: 1,
    registered: input.registered,
    appIds,
    ...(solution === undefined ? {} : { solutionId: solution.id }),
    createdAt: seconds(sim.clock.now()),
  })
  tellPartnerAdded(sim, appIds, waba, solution)
  return {
    business_id: business.id,
    waba_id: waba.id,
    phone_number_ids: phones.map((phone) => phone.id),
    solution_id: solution?.id ?? null,
    app_ids: appIds,
  }
}
