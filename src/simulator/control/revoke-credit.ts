import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { revokeAllocation } from '../world/credit.ts'
import { ControlError } from './error.ts'

export const RevokeCredit = z.strictObject({ allocation_id: z.string() })

/** Plays a person of the partner who takes the line back in Business Suite; no webhook of it is documented. */
export function revokeCredit({ world }: Sim, input: z.output<typeof RevokeCredit>): JsonObject {
  const allocation = world.credit.allocations.get(input.allocation_id)
  if (allocation === undefined) throw new ControlError(404, `There is no allocation ${input.allocation_id}`)
  if (allocation.revoked) throw new ControlError(409, `Allocation ${allocation.id} is revoked already`)
  revokeAllocation(world, allocation)
  return { ok: true }
}
