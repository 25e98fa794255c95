import { appIdsOf, appsNamed, type Ctx } from '../context.ts'
import { gatewayProblem, invalidInput, noSuchApp, type Problem } from '../errors/problem.ts'
import type { Sharing } from '../events/sharings.ts'
import { revokeAllocation } from '../graph/endpoints/credit.ts'
import { findNode } from '../reads/find.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { runWrite } from '../writes/run.ts'
import type { Write } from '../writes/write.ts'
import { Allocation, lineIdOf, receivingBusinessIdOf } from './allocation.ts'
import { creditLinesOf } from './lines.ts'
import { allocationFields } from './list.ts'
import { noCreditLine } from './problems.ts'
import { readBackAllocation } from './read-back.ts'

export interface RevokeInput {
  readonly allocationId: string
  readonly appId: string | null
  readonly confirmReceivingBusinessId: string
  readonly idempotencyKey: string | null
}

export type RevokeResult = { readonly type: 'Done'; readonly allocation: Allocation } | Problem

/** What is to be revoked, and whose it is. */
interface Target {
  readonly allocation: Allocation
  readonly businessId: string
  readonly creditLineId: string | null
  /** Accounts that are known to have taken the line; there may be more. */
  readonly wabaIds: readonly string[]
}

/** Takes a line from every account of a business, once, and only when the business is named. */
export function revokeCreditAllocation(ctx: Ctx, input: RevokeInput): Promise<RevokeResult> {
  return graphErrorsAsProblems(async () => {
    const target = await findTarget(ctx, input)
    if ('type' in target) return target
    const write = writeOf(ctx, target, input)
    const outcome = await runWrite(ctx, write)
    if ('problem' in outcome) return outcome.problem
    if ('refused' in outcome) return { type: 'Done', allocation: outcome.refused }
    const now = await readBackAllocation(ctx, target.allocation.app, target.allocation.id)
    const { status } = now
    const after = { ...afterOf(target), status }
    // Graph said nothing against it, and yet nothing has changed.
    if (status === 'SHARED') {
      return outcome.markUnknown(unchanged, after)
    }
    await outcome.publish({ after, reportedStatus: status })
    return { type: 'Done', allocation: now.allocation }
  })
}

async function findTarget(
  ctx: Ctx,
  { allocationId, appId, confirmReceivingBusinessId: named }: RevokeInput,
): Promise<Target | Problem> {
  const apps = appsNamed(ctx, appId)
  const [first] = apps
  if (!first) return noSuchApp
  const stored = await ctx.sharings.find({ allocationId }, appIdsOf(ctx))
  if (stored.length > 0 && stored.every(({ businessId }) => businessId !== named)) return otherBusiness
  ctx.reads.renew()
  const seen = await findNode(ctx.reads, 'CreditAllocation', allocationId, allocationFields, apps)
  if (!seen) {
    const lines = await Promise.all(apps.map((app) => creditLinesOf(ctx, app)))
    return lines.flat().length > 0 ? noAllocation : noCreditLine(first.appId)
  }
  const allocation = new Allocation(seen)
  const businessId = await receivingBusinessIdOf(ctx, allocation)
  if (businessId === null) return nobodySays
  if (businessId !== named) return otherBusiness
  const creditLineId = await lineIdOf(ctx, allocation)
  return { allocation, businessId, creditLineId, wabaIds: takersIn(stored) }
}

const takersIn = (sharings: readonly Sharing[]): readonly string[] =>
  sharings.flatMap(({ wabaId, attached }) => (attached && wabaId !== null ? [wabaId] : []))

interface Before {
  readonly status: 'SHARED'
  readonly wabaIds: readonly string[]
}

function writeOf(ctx: Ctx, target: Target, { idempotencyKey }: RevokeInput): Write<Before, Allocation> {
  const { allocation, businessId, wabaIds } = target
  const { app, id } = allocation
  return {
    app,
    verb: 'revoke_credit_allocation',
    object: `allocation:${id}`,
    key: idempotencyKey,
    input: [id, businessId],
    about: { ownerBusinessId: businessId },
    prepare: async () => {
      const now = await readBackAllocation(ctx, app, id)
      return now.status === 'REVOKED'
        ? { refused: now.allocation }
        : { before: { status: 'SHARED', wabaIds } }
    },
    send: async () => {
      const { traceId } = await ctx.graph.write(revokeAllocation(id), { app })
      return { createdId: id, traceId }
    },
    lookUpOutcome: async () => {
      const { status } = await readBackAllocation(ctx, app, id)
      if (status === 'REVOKED') return { createdId: id }
      return status === 'SHARED' ? 'not-made' : 'unknown'
    },
    publishes: () => ({ kind: 'CREDIT_REVOKED', after: afterOf(target) }),
  }
}

const afterOf = ({ allocation, creditLineId }: Target) => ({ allocationId: allocation.id, creditLineId })

const otherBusiness = invalidInput(
  ['input', 'confirmReceivingBusinessId'],
  'This allocation is not of the business that was named, so nothing was revoked. Look at `receivingBusiness` first.',
)

const noAllocation = gatewayProblem('NOT_FOUND', 'There is no such allocation, or the app may not see it.')

const nobodySays = gatewayProblem(
  'NOT_PERMITTED',
  'Neither Graph nor what was stored says which business this allocation is of, so it cannot be confirmed.',
)

const unchanged = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and the line is shared as before. Read the allocation again before trying again.',
)
