import type { PhoneRow, WabaRow, World } from './rows.ts'

/** The accounts that list a number, oldest first. */
export const accountsOf = (world: World, phoneId: string): readonly WabaRow[] =>
  (world.phones.get(phoneId)?.wabaIds ?? []).flatMap((id) => world.wabas.get(id) ?? [])

/** One more account lists the number, which stays the same with the same id. */
export function listIn(world: World, phone: PhoneRow, waba: WabaRow): void {
  world.phones.set(phone.id, { ...phone, wabaIds: [...phone.wabaIds, waba.id] })
  world.wabas.set(waba.id, { ...waba, phoneIds: [...waba.phoneIds, phone.id] })
}
