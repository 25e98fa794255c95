import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { ControlError } from './error.ts'

export const ChangeRole = z.strictObject({
  app_id: z.string(),
  role: z.enum(['ADMIN', 'EMPLOYEE', 'FINANCE_EDITOR']),
})

/** Plays an admin of the portfolio who changes what the app's system user may do. */
export function changeRole({ world }: Sim, { app_id, role }: z.output<typeof ChangeRole>): JsonObject {
  const user = world.users.get(world.apps.get(app_id)?.systemUserId ?? '')
  if (user === undefined) throw new ControlError(404, `There is no app ${app_id}`)
  world.users.set(user.id, { ...user, role })
  return { user_id: user.id, role }
}
