import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { tellPartnerRemoved } from '../webhooks/events.ts'
import type { WabaRow, World } from '../world/rows.ts'
import { appIdsOf } from '../world/solution.ts'
import { ControlError } from './error.ts'

export const Unshare = z.strictObject({
  waba_id: z.string(),
  /** One partner only; all of them when left out. */
  app_id: z.string().optional(),
})

/** Plays a customer that takes an account back from its partners. Credit stays shared until it is revoked. */
export function unshare(sim: Sim, { waba_id, app_id }: z.output<typeof Unshare>): JsonObject {
  const { world } = sim
  const waba = world.wabas.get(waba_id)
  if (waba === undefined) throw new ControlError(404, `There is no account ${waba_id}`)
  const gone = portfoliosToLeave(world, waba, app_id)
  if (gone.length === 0) throw new ControlError(409, `Account ${waba_id} is not shared that way`)
  const appIds = [...world.apps.values()].filter((app) => gone.includes(app.businessId)).map((app) => app.id)
  world.wabas.set(waba.id, withoutPartners(world, waba, gone))
  for (const appId of appIds) waba.subscribed.delete(appId)
  for (const id of waba.assigned.keys()) {
    if (gone.includes(world.users.get(id)?.businessId ?? '')) waba.assigned.delete(id)
  }
  tellPartnerRemoved(sim, appIds, waba)
  return { waba_id: waba.id, business_id: waba.ownerBusinessId, app_ids: appIds }
}

function portfoliosToLeave(world: World, waba: WabaRow, appId: string | undefined): readonly string[] {
  if (appId === undefined) return waba.sharedWith
  const app = world.apps.get(appId)
  if (app === undefined) throw new ControlError(404, `There is no app ${appId}`)
  return waba.sharedWith.filter((id) => id === app.businessId)
}

/** A solution lets go of the account once none of its partners has it. */
function withoutPartners(world: World, waba: WabaRow, gone: readonly string[]): WabaRow {
  const sharedWith = waba.sharedWith.filter((id) => !gone.includes(id))
  const takesPart = (id: string): boolean => {
    const solution = world.solutions.get(id)
    const parties = solution === undefined ? [] : appIdsOf(world, solution)
    return parties.some((appId) => sharedWith.includes(world.apps.get(appId)?.businessId ?? ''))
  }
  return { ...waba, sharedWith, solutionIds: waba.solutionIds.filter(takesPart) }
}
