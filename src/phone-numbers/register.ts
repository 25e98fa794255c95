import type { Ctx } from '../context.ts'
import { deregisterNumber, registerNumber, type Registration } from '../graph/endpoints/phone-numbers.ts'
import { onAccount, type AccountWritten } from '../accounts/account-write.ts'
import type { Account } from '../accounts/account.ts'
import {
  budgetOf,
  noteLocked,
  readRequests,
  refuseOverBudget,
  registrationRequested,
  sendCounted,
} from './registration-budget.ts'
import { runWrite } from '../writes/run.ts'
import { madeIf } from '../writes/write.ts'
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
  readonly idempotencyKey: string | null
}

/** Step 4. The PIN goes to Meta and nowhere else: a digest of six digits would give it away. */
export async function register(ctx: Ctx, account: Account, input: RegisterInput): Promise<AccountWritten> {
  const { phoneNumberId: id, dataLocalizationRegion, again, idempotencyKey: key } = input
  const common = onAccount<NumberInApp>(ctx, account, {
    id,
    endpoint: () => registerNumber(id, input),
    answered: (answer) => extraOf(answer, input.pin),
    counts: true,
  })
  const outcome = await runWrite(ctx, {
    ...common,
    verb: 'register_phone_number',
    object: `phone_number:${id}`,
    anyApp: true,
    key,
    input: [account.wabaId, id, dataLocalizationRegion, again],
    readState: () => lookWithApp(ctx, account, id),
    refuse: async (state) =>
      refuseForeign(state) ??
      refuseCoexistence(state, 'REGISTER') ??
      refuseUnverified(state) ??
      (await refuseOverBudget(ctx, id)) ??
      (again ? await refuseTooSoon(ctx, { event: registrationRequested, phoneNumberId: id }) : null),
    send: (before) =>
      sendCounted(ctx, account, { phoneNumberId: id, request: 'register' }, () => common.send(before)),
    // A number that is live shows nothing of another registration.
    outcomeIn: again ? null : (state) => madeIf(isConnected(state) && state.coexistence !== true, id),
  })
  return noteLock(ctx, account, id, outcome)
}

export async function deregister(
  ctx: Ctx,
  account: Account,
  key: string | null,
  id: string,
): Promise<AccountWritten> {
  const common = onAccount<NumberInApp>(ctx, account, {
    id,
    endpoint: () => deregisterNumber(id),
    counts: true,
  })
  const outcome = await runWrite(ctx, {
    ...common,
    verb: 'deregister_phone_number',
    object: `phone_number:${id}`,
    anyApp: true,
    key,
    input: [account.wabaId, id],
    readState: () => lookWithApp(ctx, account, id),
    refuse: async (state) =>
      refuseForeign(state) ?? refuseCoexistence(state, 'DEREGISTER') ?? (await refuseOverBudget(ctx, id)),
    send: (before) =>
      sendCounted(ctx, account, { phoneNumberId: id, request: 'deregister' }, () => common.send(before)),
    outcomeIn: (state) => madeIf(state.known && !isConnected(state), id),
  })
  return noteLock(ctx, account, id, outcome)
}

const overTheLimit = 133_016

async function noteLock(
  ctx: Ctx,
  account: Account,
  phoneNumberId: string,
  outcome: AccountWritten,
): Promise<AccountWritten> {
  if (!('graphCode' in outcome) || outcome.graphCode !== overTheLimit) return outcome
  const { used, limit } = budgetOf(await readRequests(ctx), phoneNumberId, ctx.clock())
  await noteLocked(ctx, account, phoneNumberId)
  return { ...outcome, message: `${outcome.message} ${sharedLimit(used, limit)}` }
}

const sharedLimit = (used: number, limit: number): string =>
  `All partners that have the number use up the ${limit} requests of 72 hours: this gateway knows of ${used} of them.`
