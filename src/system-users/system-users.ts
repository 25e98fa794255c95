import type { Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { listAssignedUsers, unassignUser } from '../graph/endpoints/assigned-users.ts'
import { listWhole } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import type { Account } from '../accounts/account.ts'
import { onAccount, type AccountWritten } from '../accounts/account-write.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import { assignUser, type OnAccount, tasksOf } from './assign-user.ts'
import { systemUserOf, permissionsOn } from './own-system-user.ts'

/** A user of our portfolio on an account, and what it may do there. */
export interface AssignedUser {
  readonly userId: string
  readonly tasks: readonly string[]
}

/** All of them. */
export async function usersOn(ctx: Ctx, { app }: Viewer, wabaId: string): Promise<readonly AssignedUser[]> {
  const rows = await listWhole(
    (after, isOutdated) =>
      ctx.reads.call(listAssignedUsers(wabaId, app.businessId, after), { app }, isOutdated),
    'The account has more users',
  )
  return rows.map(({ id: userId, tasks }) => ({ userId, tasks: tasks ?? [] }))
}

/** Adds tasks to what our user may do on the account. What it may do already it keeps. */
export async function assign(
  ctx: Ctx,
  account: Account,
  key: string | null,
  { userId: user, tasks }: { readonly userId: string | null; readonly tasks: readonly string[] },
): Promise<AccountWritten> {
  const userId = user ?? (await systemUserOf(ctx, account.app))
  if (typeof userId !== 'string') return userId
  return assignUser(ctx, account, userId, {
    key,
    input: tasks,
    refuse: () => refuseTasks(ctx, account, tasks),
    isMet: (has) => tasks.every((task) => has.includes(task)),
    missing: async () => tasks,
  })
}

export async function unassign(
  ctx: Ctx,
  account: Account,
  key: string | null,
  user: string | null,
): Promise<AccountWritten> {
  const userId = user ?? (await systemUserOf(ctx, account.app))
  if (typeof userId !== 'string') return userId
  const { wabaId } = account
  return runWrite(ctx, {
    ...onAccount<Pick<OnAccount, 'tasks'>>(ctx, account, {
      id: wabaId,
      endpoint: () => unassignUser(wabaId, userId),
    }),
    verb: 'unassign_user',
    object: `waba:${wabaId} user:${userId}`,
    anyApp: true,
    key,
    input: [wabaId, userId],
    readState: async () => ({ tasks: await tasksOf(ctx, account, userId) }),
    outcomeIn: ({ tasks }) => madeIf(tasks === null, wabaId),
  })
}

// Meta's guides "Multi-Partner Solutions" and "Manage system users": what may be given where the solution gave us no
// MESSAGING.
const granular = [
  'DEVELOP',
  'MANAGE_TEMPLATES',
  'MANAGE_PHONE',
  'VIEW_COST',
  'MANAGE_EXTENSIONS',
  'VIEW_PHONE_ASSETS',
  'MANAGE_PHONE_ASSETS',
  'VIEW_TEMPLATES',
  'VIEW_INSIGHTS',
  'MANAGE_USERS',
  'MANAGE_BILLING',
]
const whole = new Set(['MANAGE', 'MESSAGING', 'FULL_CONTROL'])

/** Tasks that no page names pass: Graph decides about them. */
async function refuseTasks(ctx: Ctx, account: Account, tasks: readonly string[]): Promise<Problem | null> {
  const tooMuch = tasks.find((task) => whole.has(task))
  if (tooMuch === undefined) return null
  const permissions = await permissionsOn(ctx, account)
  if (permissions === null || permissions.includes('MESSAGING')) return null
  return invalidInput(
    ['input', 'tasks'],
    `${tooMuch} cannot be given: the solution of this account gives app ${account.app.appId} no MESSAGING. ` +
      `Choose from ${granular.join(', ')}; sharing credit takes MANAGE_BILLING.`,
  )
}

export function checkTasks(tasks: readonly string[]): Problem | null {
  const fine =
    tasks.length >= 1 && tasks.length <= 16 && tasks.every((task) => /^[A-Z][A-Z_]{1,40}$/.test(task))
  return fine ? null : invalidInput(['input', 'tasks'], 'Tasks are 1 to 16 names such as MANAGE_BILLING.')
}
