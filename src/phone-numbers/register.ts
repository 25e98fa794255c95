import type { Ctx } from '../context.ts'
import { deregisterNumber, registerNumber, type Registration } from '../graph/endpoints/phone-numbers.ts'
import type { Account } from '../accounts/account.ts'
import {
  announceRequest,
  budgetOf,
  noteLocked,
  readRequests,
  refuseOverBudget,
  registrationRequested,
} from './registration-budget.ts'
import { runChange, type Changed } from '../accounts/change.ts'
import { extraOf } from './registration-answer.ts'
import { refuseTooSoon } from './too-soon.ts'
import {
  isConnected,
  lookWithApp,
  refuseCoexistence,
  refuseForeign,
  refuseUnverified,
  type NumberInApp,
} from './numbers.ts'

export interface RegisterInput extends Registration {
  readonly phoneNumberId: string
  /** A live number too: Meta asks for it after a display name was approved. */
  readonly again: boolean
}

/** Step 4. The PIN goes to Meta and nowhere else: a digest of six digits would give it away. */
export function register(ctx: Ctx, account: Account, input: RegisterInput): Promise<Changed> {
  const { phoneNumberId: id, dataLocalizationRegion, again } = input
  return charged(ctx, account, id, {
    verb: 'register_phone_number',
    object: `phone_number:${id}`,
    anyApp: true,
    id,
    input: [dataLocalizationRegion, again],
    look: () => lookWithApp(ctx, account, id),
    done: (state) => (isConnected(state) && state.coexistence !== true ? id : null),
    refuse: async (state) =>
      refuseForeign(state) ??
      refuseCoexistence(state, 'REGISTER') ??
      refuseUnverified(state) ??
      (await refuseOverBudget(ctx, id)) ??
      (again ? await refuseTooSoon(ctx, { event: registrationRequested, phoneNumberId: id }) : null),
    announce: () => announceRequest(ctx, account, id, 'register'),
    endpoint: () => registerNumber(id, input),
    answered: (answer) => extraOf(answer, input.pin),
    ...(again && { unseen: true as const }),
  })
}

export function deregister(ctx: Ctx, account: Account, id: string): Promise<Changed> {
  return charged(ctx, account, id, {
    verb: 'deregister_phone_number',
    object: `phone_number:${id}`,
    anyApp: true,
    id,
    look: () => lookWithApp(ctx, account, id),
    done: (state) => (state.known && !isConnected(state) ? id : null),
    refuse: async (state) =>
      refuseForeign(state) ?? refuseCoexistence(state, 'DEREGISTER') ?? (await refuseOverBudget(ctx, id)),
    announce: () => announceRequest(ctx, account, id, 'deregister'),
    endpoint: () => deregisterNumber(id),
  })
}

const overTheLimit = 133_016

async function charged(
  ctx: Ctx,
  account: Account,
  phoneNumberId: string,
  change: Parameters<typeof runChange<NumberInApp>>[2],
): Promise<Changed> {
  const changed = await runChange(ctx, account, change)
  if (!('graphCode' in changed) || changed.graphCode !== overTheLimit) return changed
  const { used, limit } = budgetOf(await readRequests(ctx), phoneNumberId, ctx.clock())
  await noteLocked(ctx, account, phoneNumberId)
  return { ...changed, message: `${changed.message} ${sharedLimit(used, limit)}` }
}

const sharedLimit = (used: number, limit: number): string =>
  `All partners that have the number use up the ${limit} requests of 72 hours: this gateway knows of ${used} of them.`
