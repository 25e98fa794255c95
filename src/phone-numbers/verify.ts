import type { Ctx } from '../context.ts'
import { requestCode, verifyCode, type CodeMethod } from '../graph/endpoints/phone-numbers.ts'
import { withLock } from '../writes/lock.ts'
import type { Account } from '../accounts/account.ts'
import { runChange, type Changed } from '../accounts/change.ts'
import { note } from '../accounts/note.ts'
import { lookAtNumber, refuseForeign, refuseVerified } from './numbers.ts'
import { refuseTooSoon } from './too-soon.ts'
import { mustVerifyAgain, readVerifications } from './verify-again.ts'

export interface CodeInput {
  readonly phoneNumberId: string
  readonly method: CodeMethod
  readonly language: string
  readonly idempotencyKey: string | null
}

const verb = 'request_code'
export const codeRequested = 'CODE_REQUESTED'

/** Step 2. Each message or call costs money, and nothing at Graph shows that it was sent. */
export function askForCode(ctx: Ctx, account: Account, input: CodeInput): Promise<Changed> {
  // One at a time for a number, whatever the key and whoever asks: the second has to see the first on record.
  const turn = { verb, object: `phone_number:${input.phoneNumberId}` }
  return withLock(ctx, turn, () => askAlone(ctx, account, input))
}

async function askAlone(ctx: Ctx, account: Account, input: CodeInput): Promise<Changed> {
  const { phoneNumberId: id, method, language, idempotencyKey: key } = input
  const again = mustVerifyAgain(await readVerifications(ctx), id)
  return runChange(ctx, account, {
    verb,
    object: `phone_number:${id}`,
    id,
    input: [id, method, language],
    key,
    look: () => lookAtNumber(ctx, account, id),
    done: () => null,
    refuse: async (state) =>
      refuseForeign(state) ??
      (again ? null : refuseVerified(state)) ??
      (await refuseTooSoon(ctx, { event: codeRequested, phoneNumberId: id })),
    announce: () => note(ctx, account, { event: codeRequested, phoneNumberId: id }),
    endpoint: () => requestCode(id, method, language),
    unseen: true,
  })
}

/** Step 3. Of a number that Graph wants verified once more, what it shows tells nothing. */
export async function enterCode(ctx: Ctx, account: Account, id: string, code: string): Promise<Changed> {
  const again = mustVerifyAgain(await readVerifications(ctx), id)
  return runChange(ctx, account, {
    verb: 'verify_code',
    object: `phone_number:${id}`,
    anyApp: true,
    id,
    look: () => lookAtNumber(ctx, account, id),
    done: ({ verification }) => (verification === 'VERIFIED' ? id : null),
    refuse: refuseForeign,
    endpoint: () => verifyCode(id, code),
    ...(again && { unseen: true as const }),
  })
}
