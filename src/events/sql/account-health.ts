import { setImmediate as turn } from 'node:timers/promises'
import type { NewEvent } from '../event.ts'
import type { Sql, SqlRow, SqlValue } from './sql.ts'

/** How late changes came: the time of their receipt less Meta's own time of them, which is of whole seconds. */
export interface WebhookLag {
  /** Milliseconds, of the change that came last, of the one in the middle, and of the latest of all. */
  readonly last: number
  readonly median: number
  readonly largest: number
}

/** How the webhooks of one account come in to one app. Only changes that became events count, and their repeats. */
export interface AccountWebhookHealth {
  /** Milliseconds since 1970; null when none is known. */
  readonly lastReceivedAt: number | null
  /** New changes and duplicates. */
  readonly receivedLastHour: number
  readonly duplicatesLastHour: number
  /** Null when nothing new with a time came in the last hour. */
  readonly lag: WebhookLag | null
}

const minuteMs = 60_000
const hourMinutes = 60

/** The counts that were written are read for an hour. Instances whose clocks differ leave each other's alone. */
const keptMinutes = 3 * hourMinutes

/** How many changes a lag is made of at most. */
const mostOfApp = 1_000
/** An app has no index of its events: so many of the newest of the log are looked at. */
const newestEvents = 5_000
/** A page of accounts asks for each of them, and an account may have many events that are old. */
const mostOfAccount = 200
/** Of an account to which more than that comes in an hour, so many are counted at most. */
const mostCounted = 5_000

const told = 'source, received_at, occurred_at'
/** What could not be read has a field of ours, and times that nobody vouches for. */
const isRead = "substr(field, 1, 1) <> '$'"

export async function appLag(sql: Sql, appId: string, now: number): Promise<WebhookLag | null> {
  const rows = await sql.read(
    `SELECT ${told} FROM events WHERE seq > (SELECT max(seq) FROM events) - ${newestEvents}
       AND app_id = ? AND source = 'WEBHOOK' AND ${isRead} ORDER BY seq DESC LIMIT ${mostOfApp}`,
    appId,
  )
  return lagOf(rows, now)
}

/** Of new changes the events tell, for as long as they are kept; of repeats only the counts do. */
export async function accountWebhookHealth(
  sql: Sql,
  appId: string,
  wabaId: string,
  now: number,
): Promise<AccountWebhookHealth> {
  const [[repeats], rows] = await Promise.all([
    sql.read(
      `SELECT sum(duplicates) AS duplicates, max(last_at) AS last_at
       FROM account_intake WHERE app_id = ? AND waba_id = ? AND minute > ?`,
      appId,
      wabaId,
      Math.floor(now / minuteMs) - hourMinutes,
    ),
    newestOf(sql, appId, wabaId, mostOfAccount),
  ])
  const newest = rows.find((row) => row['source'] === 'WEBHOOK')
  const lastAt = Math.max(Number(repeats?.['last_at'] ?? 0), Number(newest?.['received_at'] ?? 0))
  const duplicates = Number(repeats?.['duplicates'] ?? 0)
  const isBusy = rows.length === mostOfAccount && ofLastHour(rows.slice(-1), now).length === 1
  const counted = isBusy ? await newestOf(sql, appId, wabaId, mostCounted) : rows
  return {
    lastReceivedAt: lastAt === 0 ? null : lastAt,
    receivedLastHour: ofLastHour(counted, now).length + duplicates,
    duplicatesLastHour: duplicates,
    lag: lagOf(rows, now),
  }
}

const newestOf = (sql: Sql, appId: string, wabaId: string, limit: number): Promise<readonly SqlRow[]> =>
  sql.read(
    `SELECT ${told} FROM events WHERE waba_id = ? AND app_id = ? ORDER BY seq DESC LIMIT ${limit}`,
    wabaId,
    appId,
  )

const ofLastHour = (rows: readonly SqlRow[], now: number): readonly SqlRow[] =>
  rows.filter(
    (row) => row['source'] === 'WEBHOOK' && Number(row['received_at']) > now - hourMinutes * minuteMs,
  )

/** Of rows with the newest first. A change without a time of Meta's has that of its receipt. */
function lagOf(rows: readonly SqlRow[], now: number): WebhookLag | null {
  const lags = ofLastHour(rows, now)
    .map((row) => Number(row['received_at']) - Number(row['occurred_at']))
    .filter((lag) => lag !== 0)
  const sorted = lags.toSorted((a, b) => a - b)
  const [last, median, largest] = [lags[0], sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)]
  if (last === undefined || median === undefined || largest === undefined) return null
  return { last, median, largest }
}

interface Count {
  readonly appId: string
  readonly wabaId: string
  readonly minute: number
  repeats: number
  lastAt: number
}

/** A crash loses the counts of this time at most. */
const writeMs = 5_000
/** Few sizes, because each is a statement of its own. */
const groupSizes = [256, 16, 1]

/**
 * Counts the repeats of each account's changes, of which nothing else is kept: in memory, written to the store from time to
 * time, so that no webhook waits for it.
 */
export class AccountCounter {
  readonly #sql: Sql
  #counts = new Map<string, Count>()
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Of events that were appended, and for each whether it was new. */
  count(events: readonly NewEvent[], isStored: readonly boolean[]): void {
    for (const [index, event] of events.entries()) {
      if (event.source === 'WEBHOOK' && event.wabaId !== null && !isStored[index])
        this.#add(event, event.wabaId)
    }
    if (this.#counts.size > 0) this.#timer ??= setTimeout(() => void this.write(), writeMs).unref()
  }

  /** What cannot be written now is lost: these are figures to look at, and nothing is decided by them. */
  async write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const counts = [...this.#counts.values()]
    this.#counts = new Map()
    if (counts.length === 0) return
    // Always in one order, so that two instances cannot wait for each other.
    const rows = counts.map(toRow).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    try {
      for (const some of inGroups(rows)) {
        await this.#upsert(some)
        await turn()
      }
      const newest = Math.max(...counts.map(({ minute }) => minute))
      await this.#sql.write('DELETE FROM account_intake WHERE minute < ?', newest - keptMinutes)
    } catch {
      return
    }
  }

  #add({ appId, receivedAt }: NewEvent, wabaId: string): void {
    const minute = Math.floor(receivedAt / minuteMs)
    const key = `${appId} ${wabaId} ${minute}`
    const count = this.#counts.get(key) ?? { appId, wabaId, minute, repeats: 0, lastAt: 0 }
    count.repeats += 1
    count.lastAt = Math.max(count.lastAt, receivedAt)
    this.#counts.set(key, count)
  }

  async #upsert(rows: readonly (readonly SqlValue[])[]): Promise<void> {
    const values = rows.map((row) => `(${row.map(() => '?').join(', ')})`)
    await this.#sql.write(
      `INSERT INTO account_intake (app_id, waba_id, minute, received, duplicates, last_at) VALUES ${values.join(', ')}
       ON CONFLICT (app_id, waba_id, minute) DO UPDATE SET received = account_intake.received + excluded.received,
         duplicates = account_intake.duplicates + excluded.duplicates,
         last_at = CASE WHEN excluded.last_at > account_intake.last_at THEN excluded.last_at ELSE account_intake.last_at END`,
      ...rows.flat(),
    )
  }
}

const toRow = ({ appId, wabaId, minute, repeats, lastAt }: Count): readonly SqlValue[] => [
  appId,
  wabaId,
  minute,
  repeats,
  repeats,
  lastAt,
]

function* inGroups<T>(items: readonly T[]): Generator<readonly T[]> {
  let at = 0
  for (const size of groupSizes)
    for (; at + size <= items.length; at += size) yield items.slice(at, at + size)
}

const keyOf = (row: readonly SqlValue[]): string => row.slice(0, 3).join(' ')
