import type { Ctx } from '../context.ts'
import { aboutOf, findAccount, viewerOfAccount, type Account } from '../accounts/account.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { setMigrationIntent, type Destination } from '../graph/endpoints/migration-intents.ts'
import { findNode, type NodeHandle } from '../reads/node-handle.ts'
import { onAccount } from '../accounts/account-write.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { statusFields } from '../solutions/fields.ts'
import { acceptsOnboarding, statusOf } from '../solutions/lifecycle.ts'
import { runWrite } from '../writes/run.ts'
import type { DoneWrite } from '../writes/write.ts'
import { graphStatusOf, intentStatus, listIntents, readIntent, type MigrationIntent } from './intent.ts'
import { recordedIntents } from './intent-snapshot.ts'

export interface SetIntentInput {
  readonly wabaId: string
  readonly appId: string | null
  /** The solution to go to; null to leave the present one. */
  readonly solutionId: string | null
  readonly idempotencyKey: string | null
}

export type SetIntentResult =
  | { readonly type: 'Done'; readonly intent: MigrationIntent }
  | {
      readonly type: 'WrongStateProblem'
      readonly message: string
      readonly solution: NodeHandle<'Solution'>
    }
  | Problem

type Refusal = Exclude<SetIntentResult, { type: 'Done' }>

/** Tags an account to be added to a solution, moved to another or taken off. The customer decides in Business Suite. */
export function setIntent(ctx: Ctx, input: SetIntentInput): Promise<SetIntentResult> {
  return graphErrorsAsProblems(async () => {
    const account = await findAccount(ctx, input)
    if ('type' in account) return account
    const outcome = await set(ctx, account, input)
    if (!('createdId' in outcome))
      return outcome.type === 'WrongStateProblem' ? outcome : namingOpen(ctx, account, outcome)
    const { after, createdId } = outcome
    const intent = after ?? { id: createdId, viewer: viewerOfAccount(account), node: null, recorded: null }
    return { type: 'Done' as const, intent: await asTold(ctx, account, intent) }
  })
}

function set(
  ctx: Ctx,
  account: Account,
  { solutionId, idempotencyKey }: SetIntentInput,
): Promise<DoneWrite<MigrationIntent | null> | Refusal> {
  const { app, wabaId } = account
  const to: Destination = solutionId === null ? { appId: app.appId } : { solutionId }
  // The guides all send the customer's token. On an account of partner-initiated creation that does not work and the system
  // token does, by the guide of that name; that this call takes it there, no page says in so many words.
  const endpoint = () => setMigrationIntent(wabaId, to)
  return runWrite<Refusal | null, MigrationIntent | null, Refusal, null>(ctx, {
    ...onAccount<null>(ctx, account, { id: wabaId, endpoint }),
    verb: 'set_migration_intent',
    object: `waba:${wabaId}`,
    key: idempotencyKey,
    input: [wabaId, to],
    about: { ...aboutOf(account), solutionId },
    readState: () => checkDestination(ctx, account, solutionId),
    refuse: (refused) => refused,
    record: () => null,
    // No document lists the intents of an account.
    outcomeIn: null,
    readBack: (id) => readIntent(ctx, id, [app], viewerOfAccount(account), wabaId),
    // By this it is followed, although nobody has read it back.
    publishes: (id, intent) => ({
      kind: 'CLIENT_WABA_UPDATED',
      after: { migrationIntentId: id, status: intent ? intentStatus(intent) : 'UNKNOWN' },
    }),
  })
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
  return {
    type: 'WrongStateProblem',
    message: `The solution is ${status}: accounts go to active ones.`,
    solution,
  }
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
async function asTold(ctx: Ctx, { app, wabaId }: Account, intent: MigrationIntent): Promise<MigrationIntent> {
  const all = await recordedIntents(ctx.log, wabaId, [app.appId])
  return { ...intent, recorded: all.find(({ id }) => id === intent.id) ?? intent.recorded }
}
