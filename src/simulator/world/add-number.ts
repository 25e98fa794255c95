import { put } from './create.ts'
import { changeNumber, numberLife } from './number.ts'
import type { NumberLife } from './partner-side.ts'
import { accountsOf } from './number-accounts.ts'
import type { PhoneRow, WabaRow, World } from './rows.ts'

const digitsIn = (text: string): string => text.replaceAll(/\D/g, '')

/** The number in full, whether it was written with the country code or without ("Registering phone numbers"). */
export function digitsOf(cc: string, written: string): string {
  const digits = digitsIn(written)
  const full = written.trim().startsWith('+') || (digits.startsWith(cc) && digits.length > 10)
  return full ? digits : `${cc}${digits}`
}

const shown = (cc: string, digits: string): string => {
  const local = digits.slice(cc.length)
  return `+${cc} ${local.slice(0, -7)}${local.length > 7 ? '-' : ''}${local.slice(-7, -4)}-${local.slice(-4)}`
}

/** The number that messages go to: one that only waits to take another's place does not count. */
export const numberHeldBy = (world: World, digits: string): PhoneRow | undefined =>
  [...world.phones.values()].find(
    (row) => digitsIn(row.displayNumber) === digits && world.numbers.get(row.id)?.replaces === undefined,
  )

/** Whether the number is on its way to that account already. */
export const isMoving = (world: World, waba: WabaRow, phoneId: string): boolean =>
  waba.phoneIds.some((id) => world.numbers.get(id)?.replaces === phoneId)

interface NewNumber extends Pick<NumberLife, 'verification' | 'replaces'> {
  readonly cc: string
  readonly digits: string
  readonly verifiedName: string
  /** Unix seconds. */
  readonly now: number
}

export function addNumber(world: World, waba: WabaRow, input: NewNumber): PhoneRow {
  const { cc, digits, verifiedName, verification, now, replaces } = input
  const phone = put(world, 'phone', world.phones, {
    id: world.nextId('phone'),
    wabaIds: [waba.id],
    displayNumber: shown(cc, digits),
    verifiedName,
    registered: false,
    onboardedAt: now,
  })
  changeNumber(world, phone.id, { verification, ...(replaces === undefined ? {} : { replaces }) })
  world.wabas.set(waba.id, { ...waba, phoneIds: [...waba.phoneIds, phone.id] })
  return phone
}

/** A number that was moved leaves its former account once it is registered under the new one. */
export function takePlace(world: World, phoneId: string): void {
  const { replaces, ...rest } = numberLife(world, phoneId)
  const old = world.phones.get(replaces ?? '')
  if (old === undefined) return
  world.numbers.set(phoneId, rest)
  for (const waba of accountsOf(world, old.id))
    world.wabas.set(waba.id, { ...waba, phoneIds: waba.phoneIds.filter((id) => id !== old.id) })
  world.phones.delete(old.id)
}
