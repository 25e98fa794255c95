import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import { postAssignedUser as assignEndpoint, listAssignedUsers } from '../graph/endpoints/assigned-users.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import type { DoneWrite } from '../writes/write.ts'
import { aboutOf, type Account } from '../accounts/account.ts'
import { incompleteList, listAll } from '../graph/paging.ts'

/** A user of our portfolio on an account. Null tasks: it is not on it. */
export interface OnAccount {
  readonly userId: string
  readonly tasks: readonly string[] | null
}

/** What a user is to be able to do on an account. */
interface Wish {
  /** The caller's idempotency key. */
  readonly key: string | null
  /** What makes it another request. */
  readonly input: unknown
  /** Why the tasks cannot be given. */
  refuse?(): Promise<Problem | null>
  isMet(tasks: readonly string[]): boolean
  /** The tasks that do it, beside those that it has. */
  missing(): Promise<readonly string[]>
}

type Before = Pick<OnAccount, 'tasks'> & { readonly wanted: readonly string[] }

/** Adds tasks to those of a user: what it may do already it keeps. Where nothing is missing nothing is sent. */
export function assignUser(
  ctx: Ctx,
  account: Account,
  userId: string,
  { key, input, refuse, isMet, missing }: Wish,
): Promise<DoneWrite<OnAccount> | Problem> {
  const { app, wabaId } = account
  return runWrite<OnAccount, OnAccount, Problem, Before>(ctx, {
    app,
    verb: 'assign_user',
    // Whoever asks for whatever tasks: of two lists that are sent at once, one would be lost.
    object: `waba:${wabaId} user:${userId}`,
    anyApp: true,
    key,
    input: [wabaId, userId, input],
    about: aboutOf(account),
    readState: async () => ({ userId, tasks: await tasksOf(ctx, account, userId) }),
    ...(refuse && { refuse }),
    record: async ({ tasks }) => ({
      tasks,
      wanted: [...new Set([...(tasks ?? []), ...(await missing())])],
    }),
    send: async ({ wanted }, sending) => {
      const { traceId } = await ctx.graph.write(assignEndpoint(wabaId, userId, wanted), { app }, sending)
      return { createdId: wabaId, traceId }
    },
    outcomeIn: ({ tasks }) => madeIf(tasks !== null && isMet(tasks), wabaId),
    publishes: (_createdId, after) => ({ kind: 'CLIENT_WABA_UPDATED', after }),
  })
}

/** The tasks of a user on the account, as they are now; null when it is not on it. */
export async function tasksOf(
  ctx: Ctx,
  { app, wabaId }: Pick<Account, 'app' | 'wabaId'>,
  userId: string,
): Promise<readonly string[] | null> {
  const listed = await listAll((after) =>
    ctx.graph.call(listAssignedUsers(wabaId, app.businessId, after), { app }, ctx.signal),
  )
  const row = listed.rows.find(({ id }) => id === userId)
  // Who is given tasks loses those that are not known here.
  if (!row && !listed.complete) throw incompleteList(listed, 'The account has more users')
  return row ? (row.tasks ?? []) : null
}

// Meta's guides "Multi-Partner Solutions" and "Manage system users"; FULL_CONTROL is in its OpenAPI file only.
const enough: ReadonlySet<string> = new Set(['MANAGE', 'MANAGE_BILLING', 'FULL_CONTROL'])

export const maySetCredit = (tasks: readonly string[]): boolean => tasks.some((task) => enough.has(task))

/**
 * The task to give a system user so that it may share credit. MANAGE works only with full access: to whom the solution
 * gave no MESSAGING there is MANAGE_BILLING. `permissions`: ours in the solutions of the account, null when it came
 * through none.
 */
export const taskToAssign = (permissions: readonly string[] | null): string =>
  permissions === null || permissions.includes('MESSAGING') ? 'MANAGE' : 'MANAGE_BILLING'
