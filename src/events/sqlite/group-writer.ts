import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { NewEvent } from '../event.ts'
import { LeaseLost, type Lease } from '../leases.ts'
import type { Appended } from '../log.ts'
import type { AccountCounter } from '../sql/account-health.ts'
import { countMinute, minuteOf, sumMinutes, type Minute } from '../sql/health.ts'
import { columns, toRow } from '../sql/rows.ts'
import { isUnavailable } from './failure.ts'
import { now } from './sql.ts'

export interface Post {
  readonly events: readonly NewEvent[]
  /** The post is written only while this lease is held; null when it needs none. */
  readonly lease: Lease | null
}

export type PostResult = Appended | { readonly failure: unknown }

/** Writes a group of posts in one transaction. */
export class GroupWriter {
  readonly #database: DatabaseSync
  readonly #accounts: AccountCounter
  readonly #insert: StatementSync
  readonly #count: StatementSync
  readonly #held: StatementSync
  readonly #savepoint: StatementSync
  readonly #release: StatementSync

  constructor(database: DatabaseSync, accounts: AccountCounter) {
    this.#database = database
    this.#accounts = accounts
    this.#savepoint = database.prepare('SAVEPOINT post')
    this.#release = database.prepare('RELEASE post')
    const values = columns.split(',').map(() => '?')
    this.#insert = database.prepare(
      `INSERT INTO events (${columns}) VALUES (${values.join(', ')}) ON CONFLICT (dedupe_key) DO NOTHING`,
    )
    this.#count = database.prepare(countMinute)
    this.#held = database.prepare(
      `SELECT token FROM leases WHERE name = ? AND token = ? AND expires_at > ${now}`,
    )
  }

  write(group: readonly Post[]): PostResult[] {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const written: Written[] = []
      const outcomes = group.map((post) => this.#post(post, written))
      for (const { appId, minute, received, duplicates, lastAt } of sumMinutes(written.flatMap(minutesOf)))
        this.#count.run(appId, minute, received, duplicates, lastAt)
      this.#database.exec('COMMIT')
      for (const { events, isStored } of written) {
        if (events.some(({ source }) => source === 'WEBHOOK')) this.#accounts.count(events, isStored)
      }
      return outcomes
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** A post that cannot be stored is rolled back to its savepoint, and the others stay in the transaction. */
  #post({ events, lease }: Post, written: Written[]): PostResult {
    if (lease && !this.#held.get(lease.name, lease.token)) return { failure: new LeaseLost(lease) }
    this.#savepoint.run()
    try {
      const isStored = events.map((event) => this.#store(event))
      this.#release.run()
      written.push({ events, isStored })
      const stored = isStored.filter(Boolean).length
      return { stored, duplicates: events.length - stored }
    } catch (error) {
      if (isUnavailable(error) || !this.#database.isTransaction) throw error
      this.#database.exec('ROLLBACK TO post; RELEASE post')
      return { failure: error }
    }
  }

  #store(event: NewEvent): boolean {
    return Number(this.#insert.run(...toRow(event)).changes) === 1
  }
}

interface Written {
  readonly events: readonly NewEvent[]
  /** For each whether it was new. */
  readonly isStored: readonly boolean[]
}

/** The counts of the events that came from Meta, by minute. */
function minutesOf({ events, isStored }: Written): readonly Minute[] {
  return sumMinutes(
    events.flatMap((event, index) =>
      event.source === 'WEBHOOK' ? [minuteOf(event, isStored[index] === true)] : [],
    ),
  )
}
