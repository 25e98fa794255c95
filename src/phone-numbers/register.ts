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
import { madeIf, runWrite } from '../writes/run.ts'
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
    send: (before, sending) =>
      sendCounted(ctx, account, { phoneNumberId: id, request: 'register' }, () =>
        common.send(before, sending),
      ),
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
    send: (before, sending) =>
      sendCounted(ctx, account, { phoneNumberId: id, request: 'deregister' }, () =>
        common.send(before, sending),
      ),
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

type Extra = Readonly<Record<string, unknown>>

const mostCharacters = 2000

/** What Graph's answer to a registration says beside `success`; null when nothing. The PIN itself is never repeated. */
export function extraOf(answer: unknown, pin: string): Extra | null {
  const { success: _, ...extra } = answer as Extra
  const text = JSON.stringify(extra)
  if (text === '{}' || text.length > mostCharacters) return null
  return JSON.parse(text, (_key, value: unknown) => withoutPin(value, pin)) as Extra
}

function withoutPin(value: unknown, pin: string): unknown {
  const isScalar = typeof value === 'string' || typeof value === 'number'
  return isScalar && String(value).includes(pin) ? String(value).replaceAll(pin, 'PIN') : value
}

/**
 * Whether a registration has set the PIN that was sent: never known to be so. Meta's page "Updates to WhatsApp Business
 * accounts": a number that another partner registered keeps its PIN and the answer says that it was not reset, without the
 * name of the key. And since 2026-09-23 PINs are being retired, by third parties who quote Meta: one is still asked for,
 * and not always kept.
 */
export function pinSetBy(extra: Extra | null): false | null {
  return Object.entries(extra ?? {}).some(([key, value]) => deniesPin(key, value)) ? false : null
}

function deniesPin(key: string, value: unknown): boolean {
  if (!/pin/i.test(key)) return false
  return /not|un(?:changed|set)|kept/i.test(key) ? String(value) === 'true' : String(value) === 'false'
}
