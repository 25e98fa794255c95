import type { Ctx } from '../context.ts'
import { listAssignedUsers } from '../graph/endpoints/assigned-users.ts'
import type { CreditAccount } from './account.ts'

const pagesAtMost = 10

/** The tasks of a user on the account, as they are now; null when it is not on it. */
export async function tasksOf(
  ctx: Ctx,
  { app, wabaId }: Pick<CreditAccount, 'app' | 'wabaId'>,
  userId: string,
): Promise<readonly string[] | null> {
  let after: string | undefined
  for (let read = 0; read < pagesAtMost; read++) {
    const page = await ctx.graph.call(
      listAssignedUsers(wabaId, app.businessId, after),
      { app },
      { signal: ctx.signal },
    )
    const row = page.data.find(({ id }) => id === userId)
    if (row) return row.tasks ?? []
    if (page.after === null) return null
    after = page.after
  }
  return null
}
