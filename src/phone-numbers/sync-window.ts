import type { StoredEvent } from '../events/event.ts'
import { lastArrivalIn } from '../accounts/arrival.ts'
import { readAudit } from '../writes/audit.ts'
import type { Ctx } from '../context.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { unlessRefused } from '../graph/error.ts'
import { accountsListing, mayBeInApp, coexistenceFields } from './numbers.ts'

/** What a business may be asked for of its time before: Meta's guide "Onboarding WhatsApp Business app users". */
export const syncTypes = ['CONTACTS', 'HISTORY'] as const
export type SyncType = (typeof syncTypes)[number]

export const syncVerb = 'start_coexistence_sync'
export const syncObject = (phoneNumberId: string, type: SyncType): string =>
  `phone_number:${phoneNumberId} sync:${type}`

// The same guide: 24 hours from the customer's signup on, and each once.
const windowMs = 24 * 60 * 60_000

export const syncStates = ['OPEN', 'REQUESTED', 'EXPIRED', 'UNKNOWN'] as const
export type SyncState = (typeof syncStates)[number]

export interface Sync {
  readonly type: SyncType
  readonly state: SyncState
  readonly requestedAt: number | null
  /** Graph's name of the request, for Meta's support. */
  readonly requestId: string | null
}

export interface SyncWindow {
  /** Null when the log tells of no arrival. */
  readonly deadline: number | null
  readonly syncs: Readonly<Record<SyncType, Sync>>
}

/** What may still be asked for, from the events of the accounts that list the number, oldest first. */
export function windowOf(events: readonly StoredEvent[], phoneNumberId: string, now: number): SyncWindow {
  const arrivedAt = lastArrivalIn(events)?.occurredAt ?? null
  const deadline = arrivedAt === null ? null : arrivedAt + windowMs
  const told = (type: SyncType): Sync => {
    const request = events.findLast((event) => asksFor(event, syncObject(phoneNumberId, type)))
    const stands = request && request.occurredAt >= (arrivedAt ?? 0)
    if (stands) return { type, state: 'REQUESTED', requestedAt: request.occurredAt, requestId: idIn(request) }
    return { type, state: stateAt(now, deadline), requestedAt: null, requestId: null }
  }
  return { deadline, syncs: { CONTACTS: told('CONTACTS'), HISTORY: told('HISTORY') } }
}

function stateAt(now: number, deadline: number | null): SyncState {
  if (deadline === null) return 'UNKNOWN'
  return now > deadline ? 'EXPIRED' : 'OPEN'
}

function asksFor({ source, field, payload }: StoredEvent, object: string): boolean {
  if (source !== 'GATEWAY' || field !== syncVerb) return false
  const audit = readAudit(payload)
  return audit?.object === object && audit.outcome === 'DONE'
}

function idIn({ payload }: StoredEvent): string | null {
  const after = readAudit(payload)?.after as { readonly graphAnswer?: unknown } | null | undefined
  return requestIdIn(after?.graphAnswer)
}

export function requestIdIn(answer: unknown): string | null {
  const { requestId } = (answer ?? {}) as { readonly requestId?: unknown }
  return typeof requestId === 'string' ? requestId : null
}

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
