import { appIdsOf, appsNamed, type Ctx } from '../context.ts'
import { gatewayProblem, invalidInput, noSuchApp, type Problem } from '../errors/problem.ts'
import type { Sharing } from '../events/sharings.ts'
import { revokeAllocation } from '../graph/endpoints/credit.ts'
import { findNode } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import type { DoneWrite } from '../writes/write.ts'
import { Allocation, lineIdOf, receivingBusinessIdOf } from './allocation.ts'
import { creditLinesOf, allocationFields } from './lines.ts'
import { noCreditLine } from './problems.ts'
import { readBackAllocation, type AllocationNow } from './read-back.ts'

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
    const outcome = await revoke(ctx, target, input.idempotencyKey)
    if ('type' in outcome) return outcome
    return { type: 'Done', allocation: outcome.after?.allocation ?? target.allocation }
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

function revoke(
  ctx: Ctx,
  { allocation, businessId, creditLineId, wabaIds }: Target,
  key: string | null,
): Promise<DoneWrite<AllocationNow> | Problem> {
  const { app, id } = allocation
  return runWrite<AllocationNow, AllocationNow, Problem, object>(ctx, {
    app,
    verb: 'revoke_credit_allocation',
    object: `allocation:${id}`,
    key,
    input: [id, businessId],
    about: { ownerBusinessId: businessId },
    readState: () => readBackAllocation(ctx, app, id),
    record: () => ({ status: 'SHARED', wabaIds }),
    send: async (_, sending) => {
      const { traceId } = await ctx.graph.write(revokeAllocation(id), { app }, sending)
      return { createdId: id, traceId }
    },
    outcomeIn: ({ status }) => (status === 'UNKNOWN' ? 'unknown' : madeIf(status === 'REVOKED', id)),
    publishes: (allocationId, after) => ({
      kind: 'CREDIT_REVOKED',
      after: { allocationId, creditLineId, ...(after && { status: after.status }) },
      ...(after && { reportedStatus: after.status }),
    }),
  })
}

const otherBusiness = invalidInput(
  ['input', 'confirmReceivingBusinessId'],
  'This allocation is not of the business that was named, so nothing was revoked. Look at `receivingBusiness` first.',
)

const noAllocation = gatewayProblem('NOT_FOUND', 'There is no such allocation, or the app may not see it.')

const nobodySays = gatewayProblem(
  'NOT_PERMITTED',
  'Neither Graph nor what was stored says which business this allocation is of, so it cannot be confirmed.',
)
