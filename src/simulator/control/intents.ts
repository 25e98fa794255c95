import { z } from 'zod'

import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { IntentStatus } from '../world/intent.ts'
import { settleIntent } from '../world/settle-intent.ts'
import { ControlError } from './error.ts'

export const Intents = z.strictObject({
  id: z.string(),
  status: z.enum(['ACCEPTED', 'REJECTED', 'COMPLETED']),
})

const next: Record<IntentStatus, readonly IntentStatus[]> = {
  INITIATED: ['ACCEPTED', 'REJECTED'],
  ACCEPTED: ['COMPLETED', 'REJECTED'],
  COMPLETED: [],
  REJECTED: [],
}

/** Plays the customer in Meta Business Suite, who accepts, declines or finishes a migration. */
export function intents(sim: Sim, { id, status }: z.output<typeof Intents>): JsonObject {
  const intent = sim.world.intents.get(id)
  if (intent === undefined) throw new ControlError(404, `There is no migration intent ${id}`)
  if (!next[intent.status].includes(status)) {
    throw new ControlError(409, `A migration intent that is ${intent.status} cannot become ${status}`)
  }
  const after = settleIntent(sim.world, intent, status, seconds(sim.clock.now()))
  return { id, status: after.status, destination_waba_id: after.destinationWabaId ?? null }
}
