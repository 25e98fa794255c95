import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { assignUser as assignEndpoint } from '../graph/endpoints/assigned-users.ts'
import { runWrite } from '../writes/run.ts'
import type { Write } from '../writes/write.ts'
import { aboutOf, type Account } from '../accounts/account.ts'
import { tasksOf } from './assigned-user.ts'

/** A user of our portfolio on an account. Null tasks: it is not on it. */
export interface OnAccount {
  readonly userId: string
  readonly tasks: readonly string[] | null
}

/** What a user is to be able to do on an account. */
interface Wish {
  /** What makes it another request. */
  readonly input: unknown
  isMet(tasks: readonly string[]): boolean
  /** The tasks that do it, beside those that it has. */
  missing(): Promise<readonly string[]>
}

type Before = Pick<OnAccount, 'tasks'> & { readonly wanted: readonly string[] }

/** Adds tasks to those of a user: what it may do already it keeps. Where nothing is missing nothing is sent. */
export async function assignUser(
  ctx: Ctx,
  account: Account,
  userId: string,
  wish: Wish,
): Promise<OnAccount | Problem> {
  const outcome = await runWrite(ctx, writeOf(ctx, account, userId, wish))
  if ('refused' in outcome) return outcome.refused
  if ('problem' in outcome) return outcome.problem
  const tasks = await tasksOf(ctx, account, userId).catch((error: unknown) => {
    ctx.logger.warn({ err: error, wabaId: account.wabaId }, 'the users of an account could not be read back')
    return 'unread' as const
  })
  const after = { userId, tasks: tasks === 'unread' ? null : tasks }
  // Graph said nothing against it, and yet nothing has changed.
  if (tasks !== 'unread' && !wish.isMet(tasks ?? [])) {
    return outcome.markUnknown(unchanged, after)
  }
  await outcome.publish({ after })
  return after
}

function writeOf(ctx: Ctx, account: Account, userId: string, wish: Wish): Write<Before, OnAccount> {
  const { app, wabaId } = account
  const look = () => tasksOf(ctx, account, userId)
  return {
    app,
    verb: 'assign_user',
    // Whoever asks for whatever tasks: of two lists that are sent at once, one would be lost.
    object: `waba:${wabaId} user:${userId}`,
    anyApp: true,
    key: null,
    input: wish.input,
    about: aboutOf(account),
    prepare: async () => {
      const tasks = await look()
      if (tasks && wish.isMet(tasks)) return { refused: { userId, tasks } }
      return { before: { tasks, wanted: [...new Set([...(tasks ?? []), ...(await wish.missing())])] } }
    },
    send: async ({ wanted }) => {
      const { traceId } = await ctx.graph.write(assignEndpoint(wabaId, userId, wanted), { app })
      return { createdId: wabaId, traceId }
    },
    lookUpOutcome: async () => (wish.isMet((await look()) ?? []) ? { createdId: wabaId } : 'not-made'),
    publishes: () => ({ kind: 'CLIENT_WABA_UPDATED' }),
  }
}

const unchanged = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and the user may do no more on the account than before. Look again before trying again.',
)
