import type { Ctx } from '../context.ts'
import { addNumber as addEndpoint, type NewNumber } from '../graph/endpoints/phone-numbers.ts'
import { digestOf } from '../writes/write.ts'
import type { Account } from './account.ts'
import { runChange, type Changed } from './change.ts'
import { lookAtNumbers } from './numbers.ts'

/** Step 1. A number that the account has already is not added again. */
export function addNumber(ctx: Ctx, account: Account, input: NewNumber): Promise<Changed> {
  const written = writtenAs(input)
  return runChange(ctx, account, {
    verb: 'add_phone_number',
    object: `waba:${account.wabaId} number:${digestOf(written)}`,
    anyApp: true,
    id: account.wabaId,
    input: [written, input.verifiedName],
    look: async () => ({ id: await findNumber(ctx, account, written) }),
    done: ({ id }) => id,
    endpoint: () => addEndpoint(account.wabaId, input),
  })
}

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
