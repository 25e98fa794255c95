import type { Ctx } from '../context.ts'
import { listAssignedUsers } from '../graph/endpoints/assigned-users.ts'
import { GraphError } from '../graph/error.ts'
import { listAll } from '../graph/paging.ts'
import type { Account } from '../accounts/account.ts'

/** The tasks of a user on the account, as they are now; null when it is not on it. */
export async function tasksOf(
  ctx: Ctx,
  { app, wabaId }: Pick<Account, 'app' | 'wabaId'>,
  userId: string,
): Promise<readonly string[] | null> {
  const { rows, complete } = await listAll((after) =>
    ctx.graph.call(listAssignedUsers(wabaId, app.businessId, after), { app }, ctx.signal),
  )
  const row = rows.find(({ id }) => id === userId)
  // Who is given tasks loses those that are not known here.
  if (!row && !complete)
    throw new GraphError(
      'too-large',
      'The account has more users than can be looked at, or they change while they are read.',
    )
  return row ? (row.tasks ?? []) : null
}
