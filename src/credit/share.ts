import { type Ctx, appsNamed } from '../context.ts'
import { gatewayProblem, type Problem, noSuchApp, severalApps } from '../errors/problem.ts'
import { unlessRefused } from '../graph/error.ts'
import { graphErrorsAsProblems, withSaid } from '../problems.ts'
import { outcomeUnknown } from '../writes/problems.ts'
import { type Account, accountOf, noAccount } from '../accounts/account.ts'
import { readFacts } from './facts.ts'
import { judgeSharing } from './guard.ts'
import { pickLine, creditLinesOf } from './lines.ts'
import { inOneStep, inTwoSteps } from './methods.ts'
import { refuseUnassigned, noCreditLine } from './problems.ts'
import type { CreditReadBack } from './read-back.ts'
import { recallSharing, refuseOtherSharing } from './recall.ts'
import type { ShareInput } from './attach.ts'
import type { AppConfig } from '../config/config.ts'
import { findNode } from '../reads/node-handle.ts'
import {
  assignUser,
  type OnAccount,
  tasksOf,
  maySetCredit,
  taskToAssign,
} from '../system-users/assign-user.ts'
import { systemUserOf, permissionsOn } from '../system-users/own-system-user.ts'

export type ShareResult = (CreditReadBack & { readonly type: 'Done'; readonly account: Account }) | Problem

/** Shares a line with an account once: look, decide, see to the prerequisite, write, read back with both tokens. */
export function shareCreditLine(ctx: Ctx, input: ShareInput): Promise<ShareResult> {
  return graphErrorsAsProblems(async () => {
    ctx.reads.renew()
    const known = await recallSharing(ctx, input)
    if (known && !('open' in known)) return known
    const sharer = await findSharer(ctx, input)
    if ('type' in sharer)
      return known && sharer.code === 'NOT_FOUND' ? withSaid(outcomeUnknown, known.open) : sharer
    const { account, lineIds } = sharer
    const lineId = pickLine(account.app, lineIds, input.creditLineId)
    if (typeof lineId !== 'string') return lineId
    if (account.isOwn) return ownAccount
    const facts = await readFacts(ctx, account, lineIds)
    const verdict = judgeSharing({ ...input, lineId }, facts, ctx.clock())
    if (typeof verdict === 'object' && 'refused' in verdict) return verdict.refused
    const other = await refuseOtherSharing(ctx, account, lineId, input)
    if (other) return other
    const missing = verdict === 'share' ? await needSystemUser(ctx, account, input) : null
    if (missing) return missing
    const method = input.method === 'SHARE_AND_ATTACH' ? inOneStep : inTwoSteps
    const done = await method(ctx, { account, lineIds, lineId, input, facts })
    return 'type' in done ? done : { type: 'Done', account, ...done }
  })
}

const ownAccount = gatewayProblem(
  'WRONG_STATE',
  "The account belongs to the app's own portfolio, and a line is shared with customers only.",
  false,
  { waitsFor: null, help: 'credit' },
)

/**
 * The prerequisite: our system user on the account. Only the first method is documented to need it, so for the second
 * Graph decides. What cannot be looked at, Graph decides as well.
 */
async function needSystemUser(
  ctx: Ctx,
  account: Account,
  { addSystemUser, method }: ShareInput,
): Promise<Problem | null> {
  if (addSystemUser) return assignSystemUser(ctx, account)
  if (method === 'SHARE_THEN_ATTACH') return null
  const present = await unlessRefused(lookAtSystemUser(ctx, account))
  return present === null || 'type' in present ? null : refuseUnassigned(present.userId, present.tasks)
}

/** An app that sees the account. */
interface Candidate {
  readonly app: AppConfig
  readonly lineIds: readonly string[]
  /** Why its lines could not be read. */
  readonly failure: unknown
}

interface Sharer {
  readonly account: Account
  /** Lines of the app's business: one at least. */
  readonly lineIds: readonly string[]
}

/** The account, and the app that acts: the one that was named, or the only one that sees the account and has a line. */
async function findSharer(
  ctx: Ctx,
  { wabaId, appId }: { readonly wabaId: string; readonly appId: string | null },
): Promise<Sharer | Problem> {
  const apps = appsNamed(ctx, appId)
  if (apps.length === 0) return noSuchApp
  const seen = await Promise.all(apps.map((app) => candidate(ctx, app, wabaId)))
  const candidates = seen.filter((one) => one !== null)
  const [first] = candidates
  if (!first) return noAccount
  const [only, ...others] = candidates.filter(({ lineIds }) => lineIds.length > 0)
  if (!only) return whyNone(candidates, first.app)
  if (others.length > 0)
    return severalApps([only.app, ...others.map(({ app }) => app)], 'could both share credit')
  return { account: await accountOf(ctx, only.app, wabaId), lineIds: only.lineIds }
}

/** Null when the app does not see the account. An app whose lines cannot be read is in the way of no other. */
async function candidate(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Candidate | null> {
  const read = creditLinesOf(ctx, app).then(
    (lines) => ({ lineIds: lines.map(({ id }) => id), failure: null }),
    (failure: unknown) => ({ lineIds: [], failure }),
  )
  const [waba, lines] = await Promise.all([findNode(ctx.reads, 'ClientWaba', wabaId, ['id'], [app]), read])
  return waba && { app, ...lines }
}

function whyNone(candidates: readonly Candidate[], first: AppConfig): Problem {
  const failed = candidates.find(({ failure }) => failure !== null)
  if (failed) throw failed.failure
  return noCreditLine(first.appId)
}

/** Whether our system user is on the account, with what credit sharing needs. */
async function lookAtSystemUser(ctx: Ctx, account: Account): Promise<OnAccount | Problem> {
  const userId = await systemUserOf(ctx, account.app)
  return typeof userId === 'string' ? { userId, tasks: await tasksOf(ctx, account, userId) } : userId
}

/**
 * Adds our system user to the account with what the solution allows of MANAGE and MANAGE_BILLING: the prerequisite of
 * sharing credit in "Onboarding customers as a Solution Partner". Where it may share already nothing is sent.
 */
async function assignSystemUser(ctx: Ctx, account: Account): Promise<Problem | null> {
  const userId = await systemUserOf(ctx, account.app)
  if (typeof userId !== 'string') return userId
  const assigned = await assignUser(ctx, account, userId, {
    // Where it is done already, sharing goes on, whatever its key.
    key: null,
    input: 'credit',
    isMet: maySetCredit,
    missing: async () => [taskToAssign(await permissionsOn(ctx, account))],
  })
  return 'type' in assigned ? assigned : null
}
