import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import { requestCode, verifyCode, type CodeMethod } from '../graph/endpoints/phone-numbers.ts'
import { exclusively } from '../writes/exclusive.ts'
import type { Account } from './account.ts'
import { runChange, type Changed } from './change.ts'
import { note } from './note.ts'
import { lookAtNumber, refuseForeign, type NumberState } from './numbers.ts'
import { refuseTooSoon } from './too-soon.ts'

export interface CodeInput {
  readonly phoneNumberId: string
  readonly method: CodeMethod
  readonly language: string
  readonly idempotencyKey: string | null
}

const requested = 'CODE_REQUESTED'

/** Step 2. Each message or call costs money, and nothing at Graph shows that it was sent. */
export function askForCode(ctx: Ctx, account: Account, input: CodeInput): Promise<Changed> {
  // One at a time for a number, whatever the key and whoever asks: the second has to see the first on record.
  const turn = { appId: 'any', verb: 'request_code', key: `number ${input.phoneNumberId}` }
  return exclusively(ctx.writes, turn, () => askAlone(ctx, account, input))
}

function askAlone(ctx: Ctx, account: Account, input: CodeInput): Promise<Changed> {
  const { phoneNumberId: id, method, language, idempotencyKey: key } = input
  return runChange(ctx, account, {
    verb: 'request_code',
    object: `phone_number:${id}`,
    id,
    input: [id, method, language],
    key,
    look: () => lookAtNumber(ctx, account, id),
    done: () => null,
    refuse: async (state) =>
      refuseForeign(state) ??
      refuseVerified(state) ??
      (await refuseTooSoon(ctx, account, { event: requested, phoneNumberId: id })),
    announce: () => note(ctx, account, { event: requested, phoneNumberId: id }),
    endpoint: () => requestCode(id, method, language),
    unseen: true,
  })
}

/** Step 3. */
export function enterCode(ctx: Ctx, account: Account, id: string, code: string): Promise<Changed> {
  return runChange(ctx, account, {
    verb: 'verify_code',
    object: `phone_number:${id}`,
    id,
    look: () => lookAtNumber(ctx, account, id),
    done: ({ verification }) => (verification === 'VERIFIED' ? id : null),
    refuse: refuseForeign,
    endpoint: () => verifyCode(id, code),
  })
}

const refuseVerified = ({ verification }: NumberState): Problem | null =>
  verification === 'VERIFIED' ? gatewayProblem('WRONG_STATE', 'The number is verified already.') : null
