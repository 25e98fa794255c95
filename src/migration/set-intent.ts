import type { Ctx } from '../context.ts'
import { aboutOf, viewerOfAccount } from '../accounts/account.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { setMigrationIntent, type Destination } from '../graph/endpoints/migration-intents.ts'
import { findNode } from '../reads/find.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { findAccount, type Account } from '../accounts/account.ts'
import { tokenForWrite } from '../accounts/token.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { statusFields } from '../solutions/fields.ts'
import { acceptsOnboarding, statusOf } from '../solutions/status.ts'
import { runWrite } from '../writes/run.ts'
import type { Write } from '../writes/write.ts'
import { graphStatusOf, intentStatus, listIntents, readIntent, type Intent } from './intent.ts'
import { intentsOn } from './kept.ts'

export interface SetIntentInput {
  readonly wabaId: string
  readonly appId: string | null
  /** The solution to go to; null to leave the present one. */
  readonly solutionId: string | null
  readonly idempotencyKey: string | null
}

export type SetIntentResult =
  | { readonly type: 'Done'; readonly intent: Intent }
  | { readonly type: 'WrongState'; readonly message: string; readonly solution: NodeHandle<'Solution'> }
  | Problem

type Refusal = Exclude<SetIntentResult, { type: 'Done' }>

/** Tags an account to be added to a solution, moved to another or taken off. The customer decides in Business Suite. */
export function setIntent(ctx: Ctx, input: SetIntentInput): Promise<SetIntentResult> {
  return graphErrorsAsProblems(async () => {
    const account = await findAccount(ctx, input)
    if ('type' in account) return account
    const write = writeOf(ctx, account, input)
    const outcome = await runWrite(ctx, write)
    if ('refused' in outcome) return outcome.refused
    if ('problem' in outcome) return namingOpen(ctx, account, outcome.problem)
    const intent = await readBack(ctx, account, outcome.createdId)
    await outcome.publish({ after: { migrationIntentId: intent.id, status: intentStatus(intent) } })
    return { type: 'Done' as const, intent: await asTold(ctx, account, intent) }
  })
}

function writeOf(ctx: Ctx, account: Account, input: SetIntentInput): Write<null, Refusal> {
  const { app, wabaId } = account
  // The guides all send the customer's token. On an account of partner-initiated creation that does not work and the system
  // token does, by the guide of that name; that this call takes it there, no page says in so many words.
  let token: Endpoint<unknown>['token'] = 'business'
  const to: Destination = input.solutionId === null ? { appId: app.appId } : { solutionId: input.solutionId }
  return {
    app,
    verb: 'set_migration_intent',
    object: `waba:${wabaId}`,
    key: input.idempotencyKey,
    input: to,
    about: { ...aboutOf(account), solutionId: input.solutionId },
    prepare: async () => {
      const [refused, opens] = await Promise.all([
        checkDestination(ctx, account, input.solutionId),
        tokenForWrite(ctx, account),
      ])
      token = opens
      return refused ? { refused } : { before: null }
    },
    send: async () => {
      const { value, traceId } = await ctx.graph.write(
        { ...setMigrationIntent(wabaId, to), token },
        viewerOfAccount(account),
      )
      return { createdId: value.id, traceId }
    },
    // No document lists the intents of an account.
    lookUpOutcome: null,
    // By this it is followed, although nobody has read it back.
    publishes: (createdId) => ({
      kind: 'CLIENT_WABA_UPDATED',
      after: { migrationIntentId: createdId, status: 'UNKNOWN' },
    }),
  }
}

// The guides "Adding a WABA to a Multi-Partner Solution" and "Migrating WABAs among solutions": it must be active.
async function checkDestination(
  ctx: Ctx,
  { app }: Account,
  solutionId: string | null,
): Promise<Refusal | null> {
  if (solutionId === null) return null
  const solution = await findNode(ctx.reads, 'Solution', solutionId, statusFields, [app])
  if (!solution)
    return gatewayProblem('NOT_FOUND', 'There is no such solution, or the app takes no part in it.')
  const status = await solution.read(ctx.reads, statusFields, statusOf)
  if (acceptsOnboarding(status)) return null
  return { type: 'WrongState', message: `The solution is ${status}: accounts go to active ones.`, solution }
}

/** Graph takes one at a time, and its refusal does not say which is open. Whoever is asked first decides: the customer. */
async function namingOpen(ctx: Ctx, { wabaId }: Account, problem: Problem): Promise<Problem> {
  if (problem.type !== 'GraphApiProblem' || !isOfState(problem)) return problem
  ctx.reads.renew()
  const waiting = (await listIntents(ctx, wabaId)).find((intent) => graphStatusOf(intent) === 'INITIATED')
  if (!waiting) return problem
  const message = `${problem.message} The migration intent ${waiting.id} is INITIATED: the customer has to answer it first.`
  return { ...problem, message, remedy: { ...problem.remedy, waitsFor: 'CUSTOMER' } }
}

const isOfState = ({ code, retryable }: Problem): boolean =>
  !retryable && (code === 'UPSTREAM_REFUSED' || code === 'WRONG_STATE' || code === 'CONFLICT')

/** With what the log knows of it since it was told. */
async function asTold(ctx: Ctx, { app, wabaId }: Account, intent: Intent): Promise<Intent> {
  const all = await intentsOn(ctx.log, wabaId, [app.appId])
  return { ...intent, told: all.find(({ id }) => id === intent.id) ?? intent.told }
}

/** It was made, whether it can be read or not. */
async function readBack(ctx: Ctx, account: Account, id: string): Promise<Intent> {
  const viewer = viewerOfAccount(account)
  ctx.reads.renew()
  const intent = await readIntent(ctx, id, [account.app], viewer, account.wabaId).catch((error: unknown) => {
    ctx.logger.warn({ err: error, intentId: id }, 'a migration intent could not be read back')
    return null
  })
  return intent ?? { id, viewer, node: null, told: null }
}
