import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import { assignUser } from '../graph/endpoints/assigned-users.ts'
import { GraphError } from '../graph/error.ts'
import { recordDone } from '../writes/record.ts'
import { runWrite } from '../writes/run.ts'
import type { Write } from '../writes/write.ts'
import { aboutOf, type CreditAccount } from './account.ts'
import { tasksOf } from './assigned-user.ts'
import { permissionsOn } from './permissions.ts'
import { systemUserOf } from './system-user.ts'
import { maySetCredit, tasksToAssign } from './tasks.ts'

/** Our system user on an account. Null tasks: it is not on it. */
export interface OnAccount {
  readonly userId: string
  readonly tasks: readonly string[] | null
}

/** Whether our system user is on the account, with what credit sharing needs. */
export async function lookAtSystemUser(ctx: Ctx, account: CreditAccount): Promise<OnAccount | Problem> {
  const userId = await systemUserOf(ctx, account.app)
  return typeof userId === 'string' ? { userId, tasks: await tasksOf(ctx, account, userId) } : userId
}

interface Before {
  readonly tasks: readonly string[] | null
  readonly wanted: readonly string[]
}
type Assigning = Write<Before, OnAccount>

/**
 * Adds our system user to the account with what the solution allows of MANAGE and MANAGE_BILLING: the prerequisite of
 * sharing credit in "Onboarding customers as a Solution Partner". Where it may share already nothing is sent.
 */
export async function assignSystemUser(ctx: Ctx, account: CreditAccount): Promise<OnAccount | Problem> {
  const userId = await systemUserOf(ctx, account.app)
  if (typeof userId !== 'string') return userId
  const write = writeOf(ctx, account, userId)
  const outcome = await runWrite(ctx, write)
  if ('refused' in outcome) return outcome.refused
  if ('problem' in outcome) return outcome.problem
  const tasks = await readBack(ctx, account, userId)
  // Graph said nothing against it, and yet nothing has changed.
  if (tasks !== 'unread' && !maySetCredit(tasks ?? [])) return unchanged
  const after = { userId, tasks: tasks === 'unread' ? null : tasks }
  await recordDone(ctx, write, { kind: 'CLIENT_WABA_UPDATED', sent: outcome, before: null, after })
  return after
}

function writeOf(ctx: Ctx, account: CreditAccount, userId: string): Assigning {
  const { app, wabaId } = account
  return {
    app,
    verb: 'assign_system_user',
    object: `waba:${wabaId}`,
    key: null,
    input: [userId],
    about: aboutOf(account),
    prepare: async () => {
      const tasks = await tasksOf(ctx, account, userId)
      if (tasks && maySetCredit(tasks)) return { refused: { userId, tasks } }
      return {
        before: { tasks, wanted: tasksToAssign(await permissionsOn(ctx, account), tasks ?? []) },
      }
    },
    send: async ({ wanted }) => {
      const { traceId } = await ctx.graph.write(assignUser(wabaId, userId, wanted), { app })
      return { made: userId, traceId }
    },
    find: async () =>
      maySetCredit((await tasksOf(ctx, account, userId)) ?? []) ? { made: userId } : 'not-made',
  }
}

async function readBack(ctx: Ctx, account: CreditAccount, userId: string) {
  try {
    return await tasksOf(ctx, account, userId)
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    ctx.logger.warn({ err: error, wabaId: account.wabaId }, 'the users of an account could not be read back')
    return 'unread' as const
  }
}

const unchanged = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and the system user may not share credit with the account. Look again before trying again.',
)
