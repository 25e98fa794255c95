import {
  banOf,
  displayPhoneNumberOf,
  restrictionsOf,
  restrictionStageOf,
  violationOf,
} from '../alerts/account-facts.ts'
import { verdictOfAccount } from '../alerts/account-events.ts'
import type { StoredEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'

/** What an account may not do, as Meta's webhooks have told. Times in milliseconds. */
export interface Restriction {
  /** As sent: what is restricted, else what for, else the state of a ban. */
  readonly type: string
  /** When it was last told. */
  readonly at: number
  /** When it ends by itself; null when that was not told. */
  readonly expiresAt: number | null
  readonly remediation: string | null
  readonly violationType: string | null
  /** The number that it is about, as digits; null when it is about the account. */
  readonly number: string | null
  /** Whether it keeps messages from being sent, and not only calls or new numbers. */
  readonly stopsMessages: boolean
  /** Of a ban, the day of it as ISO 8601; null where none was told. */
  readonly banDate: string | null
}

/** What the events of an account, oldest first, leave in force. */
export function restrictionsTold(events: readonly StoredEvent[], now: number): readonly Restriction[] {
  const all = events.toSorted((a, b) => a.occurredAt - b.occurredAt).reduce(after, noRestrictions)
  return all.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
}

const noRestrictions: readonly Restriction[] = []

function after(before: readonly Restriction[], event: StoredEvent): readonly Restriction[] {
  if (event.source !== 'WEBHOOK' || event.field !== 'account_update') return before
  if (event.event === 'ACCOUNT_RESTRICTION') return afterRestriction(before, event, JSON.parse(event.payload))
  if (event.event === 'DISABLED_UPDATE') return afterBan(before, event, JSON.parse(event.payload))
  return before
}

function afterRestriction(
  before: readonly Restriction[],
  { event, occurredAt: at }: StoredEvent,
  value: unknown,
): readonly Restriction[] {
  const stage = restrictionStageOf(event, value)
  const violationType = violationOf(value)?.type ?? null
  if (stage === 'LIFTED') return before.filter((old) => !isLifted(old, violationType ?? ''))
  if (stage !== 'RESTRICTED') return before
  const about = { at, violationType, number: displayPhoneNumberOf(value), banDate: null }
  const stopsMessages = verdictOfAccount(event, value).severity === 'CRITICAL'
  const rows = restrictionsOf(value)
  // A strike need not say what it restricts.
  const told =
    rows.length > 0 ? rows : [{ type: violationType ?? 'RESTRICTED', expiresAt: null, remediation: null }]
  const fresh = told.map((row) => ({ ...row, ...about, stopsMessages }))
  const isOld = (old: Restriction): boolean =>
    fresh.some(({ type, number }) => type === old.type && number === old.number)
  return [...before.filter((old) => !isOld(old)), ...fresh]
}

// "Integrity and content guidelines" of Direct Send, which alone tells of an end: …_UNBAN, …_RATE_LIMIT_RECOVERY
function isLifted({ type, violationType }: Restriction, lifting: string): boolean {
  const family = /^DIRECT_SEND/.exec(lifting)?.[0] ?? lifting.replace(/_(?:UNBAN|RECOVERY)$/, '')
  return type.includes(family) || (violationType ?? '').startsWith(family)
}

const bans: ReadonlySet<string> = new Set(['DISABLE', 'SCHEDULE_FOR_DISABLE'])

function afterBan(
  before: readonly Restriction[],
  { occurredAt: at }: StoredEvent,
  value: unknown,
): readonly Restriction[] {
  const { state, date: banDate } = banOf(value) ?? { state: null, date: null }
  if (state === null) return before
  const others = before.filter(({ type }) => !bans.has(type))
  if (state === 'REINSTATE') return others
  const ban = {
    type: state,
    at,
    expiresAt: null,
    remediation: null,
    violationType: null,
    number: null,
    banDate,
  }
  return [...others, { ...ban, stopsMessages: state === 'DISABLE' }]
}

const newest = Number.MAX_SAFE_INTEGER
const mostEvents = 200

/** What the log still knows of it; each of several apps is told of the same. */
export async function restrictionsOn(
  log: EventLog,
  wabaId: string,
  appIds: readonly string[],
  now: number,
): Promise<readonly Restriction[]> {
  const filter = { appIds, wabaId, kinds: ['CLIENT_WABA_UPDATED'], sources: ['WEBHOOK'] } as const
  return restrictionsTold(await log.readBefore(newest, filter, mostEvents), now)
}
