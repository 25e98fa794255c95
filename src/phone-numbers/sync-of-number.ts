import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { coexistenceFields } from '../accounts/coexistence.ts'
import { unlessRefused } from '../graph/error.ts'
import { accountsListing, mayBeInApp } from './numbers.ts'
import { windowOf, type SyncWindow } from './sync-window.ts'

const eventsAtMost = 200

/** What may be asked for of a number in use with the WhatsApp Business app; null for any other, and when it cannot be told. */
export async function syncOfNumber(ctx: Ctx, number: NodeHandle<'PhoneNumber'>): Promise<SyncWindow | null> {
  const read = Promise.resolve(number.read(ctx.reads, coexistenceFields, mayBeInApp))
  if ((await unlessRefused(read)) !== true) return null
  const accounts = (await unlessRefused(accountsListing(ctx, number))) ?? []
  return windowOf(await eventsOf(ctx, accounts), number.id, ctx.clock())
}

/** The newest of the accounts, oldest first, whichever app of ours they are of. */
export async function eventsOf(
  ctx: Pick<Ctx, 'apps' | 'log'>,
  wabaIds: readonly string[],
): Promise<readonly StoredEvent[]> {
  const appIds = ctx.apps.map(({ appId }) => appId)
  const lists = await Promise.all(
    wabaIds.map((wabaId) => ctx.log.readBefore(Number.MAX_SAFE_INTEGER, { appIds, wabaId }, eventsAtMost)),
  )
  return lists.flat().toSorted((a, b) => a.seq - b.seq)
}
