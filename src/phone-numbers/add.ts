import type { Ctx } from '../context.ts'
import type { GraphApiProblemType } from '../errors/problem.ts'
import { postPhoneNumber as addEndpoint, type NewNumber } from '../graph/endpoints/phone-numbers.ts'
import { onAccount, type AccountWritten } from '../accounts/account-write.ts'
import type { Account } from '../accounts/account.ts'
import { digestOf } from '../writes/record.ts'
import { runWrite } from '../writes/run.ts'
import { lookAtNumbers } from './numbers.ts'

interface Added {
  /** Null while the account has no such number. */
  readonly id: string | null
}

/** Step 1. A number that the account has already is not added again. */
export async function addNumber(
  ctx: Ctx,
  account: Account,
  key: string | null,
  input: NewNumber,
): Promise<AccountWritten> {
  const { wabaId } = account
  const written = writtenAs(input)
  const outcome = await runWrite(ctx, {
    ...onAccount<Added>(ctx, account, { id: wabaId, endpoint: () => addEndpoint(wabaId, input) }),
    verb: 'add_phone_number',
    object: `waba:${wabaId} number:${digestOf(written)}`,
    anyApp: true,
    key,
    input: [wabaId, written, input.verifiedName, input.migrate],
    readState: async () => ({ id: await findNumber(ctx, account, written) }),
    outcomeIn: ({ id }) => (id === null ? 'not-made' : { createdId: id }),
  })
  return input.migrate && isRefused(outcome)
    ? { ...outcome, message: `${outcome.message.replace(/[^.!?]$/, '$&.')} ${insteadOfMoving}` }
    : outcome
}

/** Whatever Graph says: no page prints what it answers to the move of a number on the new account model. */
const isRefused = (outcome: AccountWritten): outcome is GraphApiProblemType =>
  'type' in outcome && outcome.type === 'GraphApiProblem' && outcome.code === 'UPSTREAM_REFUSED'

// Third parties quote Meta's changelog of 2026-08-18.
const insteadOfMoving =
  "On Meta's new account model numbers are not moved between accounts. Register the number on this account instead: " +
  'addPhoneNumber without `migrate`, then registerPhoneNumber.'

async function findNumber(ctx: Ctx, account: Account, written: readonly string[]): Promise<string | null> {
  const numbers = await lookAtNumbers(ctx, account)
  return numbers.find((one) => written.includes(onlyDigits(one.display_phone_number ?? '')))?.id ?? null
}

// The guide takes a number with its country code or without.
function writtenAs({ countryCode, phoneNumber }: NewNumber): readonly string[] {
  const [code, digits] = [onlyDigits(countryCode), onlyDigits(phoneNumber)]
  const whole = digits.startsWith(code) ? [digits] : []
  return phoneNumber.trim().startsWith('+') ? whole : [`${code}${digits}`, ...whole]
}

const onlyDigits = (text: string): string => text.replace(/\D/g, '')
