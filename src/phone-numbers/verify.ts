import type { Ctx } from '../context.ts'
import { requestCode, verifyCode, type CodeMethod } from '../graph/endpoints/phone-numbers.ts'
import { withLock } from '../writes/lock.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import { onAccount, type AccountWritten } from '../accounts/account-write.ts'
import type { Account } from '../accounts/account.ts'
import { note } from './note.ts'
import { lookAtNumber, refuseForeign, refuseVerified, type NumberState } from './numbers.ts'
import { refuseTooSoon } from './too-soon.ts'
import type { StoredEvent } from '../events/event.ts'
import { readAudit } from '../writes/audit.ts'
import { eventsReceivedSince } from '../events/page.ts'

export interface CodeInput {
  readonly phoneNumberId: string
  readonly method: CodeMethod
  readonly language: string
  readonly idempotencyKey: string | null
}

const verb = 'request_code'
export const codeRequested = 'CODE_REQUESTED'

/** Step 2. Each message or call costs money, and nothing at Graph shows that it was sent. */
export function askForCode(ctx: Ctx, account: Account, input: CodeInput): Promise<AccountWritten> {
  // One at a time for a number, whatever the key and whoever asks: the second has to see the first on record.
  const turn = { verb, object: `phone_number:${input.phoneNumberId}` }
  return withLock(ctx, turn, () => askAlone(ctx, account, input))
}

async function askAlone(ctx: Ctx, account: Account, input: CodeInput): Promise<AccountWritten> {
  const { phoneNumberId: id, method, language, idempotencyKey: key } = input
  const again = mustVerifyAgain(await readVerifications(ctx), id)
  const common = onAccount<NumberState>(ctx, account, {
    id,
    endpoint: () => requestCode(id, method, language),
    counts: true,
  })
  return runWrite(ctx, {
    ...common,
    verb,
    object: `phone_number:${id}`,
    key,
    input: [id, method, language],
    readState: () => lookAtNumber(ctx, account, id),
    refuse: async (state) =>
      refuseForeign(state) ??
      (again ? null : refuseVerified(state)) ??
      (await refuseTooSoon(ctx, { event: codeRequested, phoneNumberId: id })),
    send: async (before, sending) => {
      await note(ctx, account, { event: codeRequested, phoneNumberId: id })
      return common.send(before, sending)
    },
    outcomeIn: null,
  })
}

/** Step 3. Of a number that Graph wants verified once more, what it shows tells nothing. */
export async function enterCode(
  ctx: Ctx,
  account: Account,
  key: string | null,
  { phoneNumberId: id, code }: { readonly phoneNumberId: string; readonly code: string },
): Promise<AccountWritten> {
  const again = mustVerifyAgain(await readVerifications(ctx), id)
  return runWrite(ctx, {
    ...onAccount<NumberState>(ctx, account, { id, endpoint: () => verifyCode(id, code) }),
    verb: 'verify_code',
    object: `phone_number:${id}`,
    anyApp: true,
    key,
    // The code can be guessed, and is not compared.
    input: [account.wabaId, id],
    readState: () => lookAtNumber(ctx, account, id),
    refuse: refuseForeign,
    outcomeIn: again ? null : ({ verification }) => madeIf(verification === 'VERIFIED', id),
  })
}

// Meta's page "Error codes": the number has to be verified before it is registered, also where it was verified before.
const notVerified = 133_006
const lastsMs = 72 * 60 * 60_000

/** The writes that tell whether numbers have to be verified once more, whichever app of ours sent them. */
export function readVerifications(ctx: Ctx): Promise<readonly StoredEvent[]> {
  const filter = {
    appIds: ctx.apps.map(({ appId }) => appId),
    sources: ['GATEWAY'] as const,
    kinds: ['OTHER', 'CLIENT_WABA_UPDATED'] as const,
  }
  return eventsReceivedSince(ctx.log, filter, ctx.clock() - lastsMs)
}

/** Whether Graph has refused a number as not verified, and no code was taken for it since. */
export function mustVerifyAgain(events: readonly StoredEvent[], phoneNumberId: string): boolean {
  const object = `phone_number:${phoneNumberId}`
  const last = events.findLast(({ payload }) => {
    if (!payload.includes(`"${object}"`)) return false
    const audit = readAudit(payload)
    return audit?.object === object && (audit.graphCode === notVerified || isVerified(audit))
  })
  return last !== undefined && readAudit(last.payload)?.graphCode === notVerified
}

const isVerified = ({ verb, outcome }: { readonly verb: string; readonly outcome: string }): boolean =>
  verb === 'verify_code' && outcome === 'DONE'
