import type { NewEvent } from '../event.ts'
import { appLag, type WebhookLag } from './account-health.ts'
import { textOrNull } from './rows.ts'
import type { Sql } from './sql.ts'

/** The counts of an append, by app and minute. */
export interface Minute {
  readonly appId: string
  readonly minute: number
  readonly received: number
  readonly duplicates: number
  readonly lastAt: number
}

export const countMinute = `INSERT INTO intake (app_id, minute, received, duplicates, last_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (app_id, minute) DO UPDATE SET received = intake.received + excluded.received,
    duplicates = intake.duplicates + excluded.duplicates,
    last_at = CASE WHEN excluded.last_at > intake.last_at THEN excluded.last_at ELSE intake.last_at END`

export function minuteOf(event: NewEvent, stored: boolean): Minute {
  return minuteAt(event.appId, event.receivedAt, 1, stored ? 0 : 1)
}

export function minuteAt(appId: string, at: number, received: number, duplicates: number): Minute {
  return { appId, minute: Math.floor(at / 60_000), received, duplicates, lastAt: at }
}

/** One row for each app and minute. */
export function sumMinutes(minutes: readonly Minute[]): readonly Minute[] {
  const sums = new Map<string, Minute>()
  for (const minute of minutes) {
    const key = `${minute.minute} ${minute.appId}`
    const sum = sums.get(key)
    sums.set(key, sum ? add(sum, minute) : minute)
  }
  return [...sums.values()]
}

function add(a: Minute, b: Minute): Minute {
  return {
    ...a,
    received: a.received + b.received,
    duplicates: a.duplicates + b.duplicates,
    lastAt: Math.max(a.lastAt, b.lastAt),
  }
}

/** Counts the current minute and the 59 before it. */
export async function webhookHealth(sql: Sql, appId: string, now: number): Promise<WebhookHealth> {
  const lag = await appLag(sql, appId, now)
  const [row] = await sql.read(
    `SELECT (SELECT max(last_at) FROM intake WHERE app_id = ?) AS last_at, sum(received) AS received,
       (SELECT missing_fields FROM subscriptions WHERE app_id = ?) AS missing,
       sum(duplicates) AS duplicates,
       (SELECT count(*) FROM dead_letters WHERE app_id = ? AND handled = 0) AS dead_letters
     FROM intake WHERE app_id = ? AND minute > ?`,
    appId,
    appId,
    appId,
    appId,
    Math.floor(now / 60_000) - 60,
  )
  const lastAt = row?.['last_at'] ?? null
  return {
    lastReceivedAt: lastAt === null ? null : Number(lastAt),
    receivedLastHour: Number(row?.['received'] ?? 0),
    duplicatesLastHour: Number(row?.['duplicates'] ?? 0),
    deadLetters: Number(row?.['dead_letters'] ?? 0),
    lag,
    missingFields: fieldsIn(textOrNull(row?.['missing'])),
  }
}

const fieldsIn = (list: string | null): readonly string[] | null =>
  list === null ? null : list.split(' ').filter(Boolean)

export async function noteSubscription(
  sql: Sql,
  appId: string,
  missingFields: readonly string[],
  at: number,
): Promise<void> {
  await sql.write(
    `INSERT INTO subscriptions (app_id, seen_at, missing_fields) VALUES (?, ?, ?)
     ON CONFLICT (app_id) DO UPDATE SET seen_at = excluded.seen_at, missing_fields = excluded.missing_fields
     WHERE excluded.seen_at >= subscriptions.seen_at`,
    appId,
    at,
    missingFields.join(' '),
  )
}

/** A crash loses the counts of this time at most. */
const writeMs = 5000

/**
 * Counts what is received and not stored: in memory, written to the store from time to time, so that a post of messages
 * costs no transaction.
 */
export class UnstoredCounter {
  readonly #sql: Sql
  #minutes: readonly Minute[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  count(appId: string, at: number, changes: number): void {
    this.#add([minuteAt(appId, at, changes, 0)])
    this.#timer ??= setTimeout(() => void this.write(), writeMs).unref()
  }

  /** What cannot be written now is kept for the next time. */
  async write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const minutes = this.#minutes
    this.#minutes = []
    for (const one of minutes) await this.#count(one).catch(() => this.#add([one]))
  }

  #add(minutes: readonly Minute[]): void {
    this.#minutes = sumMinutes([...this.#minutes, ...minutes])
  }

  async #count({ appId, minute, received, duplicates, lastAt }: Minute): Promise<void> {
    await this.#sql.write(countMinute, appId, minute, received, duplicates, lastAt)
  }
}

/** How an app receives webhooks. Each change of a post counts, also when it is not stored. */
export interface WebhookHealth {
  /** Milliseconds since 1970; null when nothing was ever received. */
  readonly lastReceivedAt: number | null
  /** New changes and duplicates. */
  readonly receivedLastHour: number
  readonly duplicatesLastHour: number
  /** Dead letters that have not been handled. */
  readonly deadLetters: number
  /** Null when nothing new with a time came in the last hour. */
  readonly lag: WebhookLag | null
  /** The fields for which Graph last said that it sends no webhook; null when it was never asked. */
  readonly missingFields: readonly string[] | null
}
