import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { ControlError } from './error.ts'

export const Health = z.strictObject({
  /** Of an account, a number, a portfolio or an app: wherever it is an entity of `health_status`. */
  id: z.string(),
  /** Keys of that entity, in place of what follows from the world; null leaves it to the world again. */
  entity: z.record(z.string(), z.json()).nullable(),
})

/** Plays a finding of Meta's that does not follow from anything here. */
export function health({ world }: Sim, { id, entity }: z.output<typeof Health>): JsonObject {
  if (!world.kinds.has(id)) throw new ControlError(404, `There is nothing with id ${id}`)
  if (entity === null) world.standing.health.delete(id)
  else world.standing.health.set(id, entity)
  return { id, entity }
}
