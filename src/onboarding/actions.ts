import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import { GraphError } from '../graph/error.ts'
import type { PhoneNumberNode } from '../graph/nodes.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { type RegistrationBudget, usedUpReason } from '../phone-numbers/registration-budget.ts'
import {
  isConnected,
  mayBeInApp,
  refuseCoexistence,
  refuseUnverified,
  refuseVerified,
  coexistenceFields,
} from '../phone-numbers/numbers.ts'
import type { Subscription } from '../accounts/subscription.ts'
import { tooSoon } from '../phone-numbers/too-soon.ts'
import { mustVerifyAgain, readVerifications, codeRequested } from '../phone-numbers/verify.ts'
import { checklistFacts, type ChecklistFacts } from './checklist/facts.ts'
import { tokenStep } from './checklist/steps.ts'

export const wabaActions = [
  'SUBSCRIBE_APP',
  'UNSUBSCRIBE_APP',
  'SET_WEBHOOK_OVERRIDE',
  'CLEAR_WEBHOOK_OVERRIDE',
  'ADD_PHONE_NUMBER',
] as const
export type WabaAction = (typeof wabaActions)[number]

export const numberActions = ['REQUEST_CODE', 'VERIFY_CODE', 'REGISTER', 'DEREGISTER'] as const
export type NumberAction = (typeof numberActions)[number]

export interface ActionState<A> {
  readonly action: A
  readonly appId: string
  /** Why not; null when nothing known speaks against it. */
  readonly reason: string | null
}

/** What may be done with an account now. All of it takes the customer's token, so that is tried first. */
export async function actionsOnWaba(
  ctx: Ctx,
  waba: NodeHandle<'ClientWaba'>,
): Promise<readonly ActionState<WabaAction>[]> {
  const facts = checklistFacts(ctx, waba)
  const [token, subscription] = await Promise.all([tokenReason(facts), subscriptionOf(facts)])
  return wabaActions.map((action) => ({
    action,
    appId: waba.viewer.app.appId,
    reason: token ?? reasonOnWaba(action, subscription, ctx.overrideHosts.length > 0),
  }))
}

async function tokenReason(facts: ChecklistFacts): Promise<string | null> {
  try {
    const { state, reason } = await tokenStep(facts)
    return state === 'DONE' || state === 'NOT_NEEDED'
      ? null
      : `This takes the customer's business token. ${reason}`
  } catch (error) {
    if (error instanceof GraphError)
      return `Whether there is a business token could not be told: ${error.message}`
    throw error
  }
}

/** The reason when it cannot be read. */
async function subscriptionOf(facts: ChecklistFacts): Promise<Subscription | string> {
  try {
    return await facts.subscription()
  } catch (error) {
    if (error instanceof GraphError) return `The subscription could not be read: ${error.message}`
    throw error
  }
}

export function reasonOnWaba(
  action: WabaAction,
  subscription: Subscription | string,
  overridesAllowed: boolean,
): string | null {
  if (action === 'ADD_PHONE_NUMBER') return null
  if (typeof subscription === 'string') return subscription
  const { subscribed, overrideCallbackUri } = subscription
  if (action === 'SUBSCRIBE_APP') return subscribed ? 'The app is subscribed already.' : null
  if (!subscribed) return 'The app is not subscribed to this account.'
  if (action === 'UNSUBSCRIBE_APP') return null
  if (action === 'CLEAR_WEBHOOK_OVERRIDE')
    return overrideCallbackUri === null ? 'The account has no callback override.' : null
  return overridesAllowed ? null : 'The operator allows no hosts for overrides (WEBHOOK_OVERRIDE_HOSTS).'
}

/** What may be done with a number now. Whether the customer's token is there shows when it is done. */
export async function actionsOnNumber(
  ctx: Ctx,
  { id, viewer }: NodeHandle<'PhoneNumber'>,
  budget: RegistrationBudget,
): Promise<readonly ActionState<NumberAction>[]> {
  const [{ node }, recent] = await Promise.all([
    ctx.reads.read('PhoneNumber', id, { app: viewer.app }, statusFields),
    recentOf(ctx),
  ])
  const number = node as Partial<PhoneNumberNode>
  const asked = tooSoon(recent, { event: codeRequested, phoneNumberId: id }, ctx.clock())
  const again = mustVerifyAgain(recent, id)
  return numberActions.map((action) => ({
    action,
    appId: viewer.app.appId,
    reason: reasonOnNumber(action, number, budget, asked, again),
  }))
}

const statusFields = ['status', 'code_verification_status', ...coexistenceFields]

const asking = new WeakMap<Ctx, ReturnType<typeof readVerifications>>()

/** Numbers that are shown together share one read of the log. */
function recentOf(ctx: Ctx): ReturnType<typeof readVerifications> {
  const known = asking.get(ctx)
  if (known) return known
  const recent = readVerifications(ctx).finally(() => asking.delete(ctx))
  asking.set(ctx, recent)
  return recent
}

type Status = Pick<
  Partial<PhoneNumberNode>,
  'status' | 'code_verification_status' | 'is_on_biz_app' | 'platform_type'
>

export function reasonOnNumber(
  action: NumberAction,
  number: Status,
  budget: RegistrationBudget,
  codeAsked: Problem | null = null,
  verifyAgain = false,
): string | null {
  const state = {
    verification: number.code_verification_status ?? null,
    status: number.status ?? null,
    coexistence: mayBeInApp(number),
  }
  switch (action) {
    case 'REQUEST_CODE':
      return ((verifyAgain ? null : refuseVerified(state)) ?? codeAsked)?.message ?? null
    case 'VERIFY_CODE':
      return verifyAgain ? null : (refuseVerified(state)?.message ?? null)
    case 'REGISTER':
      if (state.coexistence) return refuseCoexistence(state, action)?.message ?? null
      if (isConnected(number)) return 'The number is connected; `again: true` registers it once more.'
      return refuseUnverified(state)?.message ?? usedUpReason(budget)
    case 'DEREGISTER':
      if (state.coexistence) return refuseCoexistence(state, action)?.message ?? null
      return isConnected(number) ? usedUpReason(budget) : 'The number is not connected.'
  }
}
