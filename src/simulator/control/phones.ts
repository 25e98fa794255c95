import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { changeNumber, numberLife, removePin, verifications } from '../world/number.ts'
import { ControlError } from './error.ts'

export const Phones = z.strictObject({
  id: z.string(),
  /** What two-step verification asks for; null turns it off. */
  pin: z
    .string()
    .regex(/^\d{6}$/)
    .nullable()
    .optional(),
  verification: z.enum(verifications).optional(),
})

/** Plays the owner of a number, who sets a PIN or turns it off, or a number whose verification has run out. */
export function phones({ world }: Sim, { id, pin, verification }: z.output<typeof Phones>): JsonObject {
  if (!world.phones.has(id)) throw new ControlError(404, `There is no phone number ${id}`)
  if (pin === null) removePin(world, id)
  else if (pin !== undefined) changeNumber(world, id, { pin })
  if (verification !== undefined) changeNumber(world, id, { verification })
  const life = numberLife(world, id)
  return { id, pin: life.pin ?? null, verification: life.verification }
}
