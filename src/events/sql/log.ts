import { setImmediate as turn } from 'node:timers/promises'
import type { Cursors } from '../cursor.ts'
import type { DatabaseServer } from '../database-server.ts'
import type { NewEvent, StoredEvent } from '../event.ts'
import type { Lease } from '../leases.ts'
import type { Appended, EventFilter, EventLog, KnownOnboarding, LogPage, WholeReads } from '../log.ts'
import type { Waiters } from '../waiters.ts'
import { AccountCounter } from './account-health.ts'
import { knownOnboarding, type OnboardingOf, ownersKnownBefore } from './onboarding.ts'
import { deleteOldest } from './retention.ts'
import { anything, fromRow, where, type Where } from './rows.ts'
import type { Sql } from './sql.ts'

/** The reading half of the event log, which both stores share. Each store has its own way to write. */
export abstract class SqlLog implements EventLog, WholeReads {
  abstract readonly id: string
  abstract readonly cursors: Cursors
  readonly sql: Sql
  readonly accounts: AccountCounter
  protected readonly waiters: Waiters

  constructor(sql: Sql, waiters: Waiters) {
    this.sql = sql
    this.accounts = new AccountCounter(sql)
    this.waiters = waiters
  }

  abstract append(events: readonly NewEvent[]): Promise<Appended>
  abstract appendIfHeld(lease: Lease, events: readonly NewEvent[]): Promise<Appended>
  abstract close(): Promise<void>

  /** The server that several instances share. */
  async server(): Promise<DatabaseServer | null> {
    return null
  }

  appended(signal: AbortSignal): Promise<void> {
    return this.waiters.wait(signal)
  }

  readAfter(seq: number, filter: EventFilter, limit: number): Promise<LogPage> {
    return this.#after(seq, where(filter), spanOf(filter), limit)
  }

  readAllAfter(seq: number, limit: number): Promise<LogPage> {
    return this.#after(seq, anything, Number.MAX_SAFE_INTEGER, limit)
  }

  async readBefore(seq: number, filter: EventFilter, limit: number): Promise<readonly StoredEvent[]> {
    const { start, head } = await this.#bounds()
    const windows = downwards(start, Math.min(seq - 1, head), spanOf(filter))
    const events = await this.#collect(windows, where(filter), 'DESC', limit)
    return events.toReversed()
  }

  async get(seq: number): Promise<StoredEvent | null> {
    const [row] = await this.sql.read('SELECT * FROM events WHERE seq = ?', seq)
    return row ? fromRow(row) : null
  }

  async head(): Promise<number> {
    return (await this.#bounds()).head
  }

  async start(): Promise<number> {
    return (await this.#bounds()).start
  }

  deleteBefore(time: number, limit: number): Promise<number> {
    return deleteOldest(this.sql, time, limit)
  }

  onboarding(of: OnboardingOf, appIds: readonly string[]): Promise<KnownOnboarding | null> {
    return knownOnboarding(this.sql, of, appIds)
  }

  businessesKnownBefore(
    ownerBusinessIds: readonly string[],
    appIds: readonly string[],
    before: number,
  ): Promise<ReadonlySet<string>> {
    return ownersKnownBefore(this.sql, ownerBusinessIds, appIds, before)
  }

  /**
   * The head is read first. Every position up to it is stored by then or never will be, so nothing can appear in between
   * later.
   */
  async #after(seq: number, where: Where, span: number, limit: number): Promise<LogPage> {
    const { start, head } = await this.#bounds()
    if (start > seq) return this.#after(start, where, span, limit)
    const events = await this.#collect(upwards(seq, head, span), where, 'ASC', limit)
    // Read after the rows, because retention may have deleted events meanwhile. Then the page is read again from where the
    // log begins.
    const begins = seq < head ? await this.start() : start
    if (begins > seq) return this.#after(begins, where, span, limit)
    return { from: seq, events, upTo: events.length < limit ? head : (events.at(-1)?.seq ?? seq) }
  }

  /** The event loop is free between two windows, because a filter that matches little passes over many rows. */
  async #collect(
    windows: Iterable<Window>,
    where: Where,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<readonly StoredEvent[]> {
    const select = `SELECT * FROM events WHERE seq > ? AND seq <= ? AND ${where.sql} ORDER BY seq ${order} LIMIT ?`
    let found: StoredEvent[] = []
    for (const { from, to } of windows) {
      const rows = await this.sql.read(select, from, to, ...where.values, limit - found.length)
      found = [...found, ...rows.map(fromRow)]
      if (found.length >= limit) break
      await turn()
    }
    return found
  }

  /** The head stays where it was when retention deletes the newest event. */
  async #bounds(): Promise<Bounds> {
    const [row] = await this.sql.read(
      'SELECT (SELECT max(seq) FROM events) AS newest, (SELECT start FROM retention) AS start',
    )
    const start = Number(row?.['start'] ?? 0)
    return { start, head: Math.max(Number(row?.['newest'] ?? 0), start) }
  }
}

interface Bounds {
  readonly start: number
  readonly head: number
}

/** The positions behind `from`, up to and including `to`. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** How many rows a filter without an index may pass over at a time: some ten milliseconds of the event loop. */
const unindexedSpan = 50_000

export function spanOf({ solutionId, wabaId }: EventFilter): number {
  return solutionId === undefined && wabaId === undefined ? unindexedSpan : Number.MAX_SAFE_INTEGER
}

/** The positions behind `from` and up to `to`, in parts, oldest first. */
export function* upwards(from: number, to: number, span: number): Generator<Window> {
  for (let start = from; start < to; start += span) yield { from: start, to: Math.min(start + span, to) }
}

/** The positions behind `from` and up to `to`, in parts, newest first. */
export function* downwards(from: number, to: number, span: number): Generator<Window> {
  for (let end = to; end > from; end -= span) yield { from: Math.max(end - span, from), to: end }
}
