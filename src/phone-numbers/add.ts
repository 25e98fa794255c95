import type { Ctx } from '../context.ts'
import type { GraphApiProblem } from '../errors/problem.ts'
import { addNumber as addEndpoint, type NewNumber } from '../graph/endpoints/phone-numbers.ts'
import { digestOf } from '../writes/write.ts'
import type { Account } from '../accounts/account.ts'
import { runChange, type Changed } from '../accounts/change.ts'
import { lookAtNumbers } from './numbers.ts'

/** Step 1. A number that the account has already is not added again. */
export async function addNumber(ctx: Ctx, account: Account, input: NewNumber): Promise<Changed> {
  const written = writtenAs(input)
  const changed = await runChange(ctx, account, {
    verb: 'add_phone_number',
    object: `waba:${account.wabaId} number:${digestOf(written)}`,
    anyApp: true,
    id: account.wabaId,
    input: [written, input.verifiedName, input.migrate],
    look: async () => ({ id: await findNumber(ctx, account, written) }),
    done: ({ id }) => id,
    endpoint: () => addEndpoint(account.wabaId, input),
  })
  return input.migrate && isRefused(changed)
    ? { ...changed, message: `${changed.message.replace(/[^.!?]$/, '$&.')} ${insteadOfMoving}` }
    : changed
}

/** Whatever Graph says: no page prints what it answers to the move of a number on the new account model. */
const isRefused = (changed: Changed): changed is GraphApiProblem =>
  'type' in changed && changed.type === 'GraphApiProblem' && changed.code === 'UPSTREAM_REFUSED'

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
