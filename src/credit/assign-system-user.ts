import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { Account } from '../accounts/account.ts'
import {
  assignUser,
  type OnAccount,
  tasksOf,
  maySetCredit,
  taskToAssign,
} from '../system-users/assign-user.ts'
import { permissionsOn } from '../accounts/permissions.ts'
import { systemUserOf } from '../system-users/own-system-user.ts'

/** Whether our system user is on the account, with what credit sharing needs. */
export async function lookAtSystemUser(ctx: Ctx, account: Account): Promise<OnAccount | Problem> {
  const userId = await systemUserOf(ctx, account.app)
  return typeof userId === 'string' ? { userId, tasks: await tasksOf(ctx, account, userId) } : userId
}

/**
 * Adds our system user to the account with what the solution allows of MANAGE and MANAGE_BILLING: the prerequisite of
 * sharing credit in "Onboarding customers as a Solution Partner". Where it may share already nothing is sent.
 */
export async function assignSystemUser(ctx: Ctx, account: Account): Promise<Problem | null> {
  const userId = await systemUserOf(ctx, account.app)
  if (typeof userId !== 'string') return userId
  const assigned = await assignUser(ctx, account, userId, {
    // Where it is done already, sharing goes on, whatever its key.
    key: null,
    input: 'credit',
    isMet: maySetCredit,
    missing: async () => [taskToAssign(await permissionsOn(ctx, account))],
  })
  return 'type' in assigned ? assigned : null
}
