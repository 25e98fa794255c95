import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventLog } from '../../../src/events/log.ts'
import { openPostgresLog } from '../../../src/events/postgres/open.ts'
import { SqliteLog } from '../../../src/events/sqlite/log.ts'
import { openDatabase } from '../../../src/events/sqlite/open.ts'
import { withTail } from '../../../src/events/tail.ts'
import { Waiters } from '../../../src/events/waiters.ts'
import { whyWithoutPgbouncer } from '../../support/pgbouncer.ts'
import { emptyDatabase, emptyPooledDatabase, query } from '../../support/postgres.ts'

export interface Opened {
  readonly log: EventLog
  /** Who waits for the next append. */
  waiting(): number
  /** Transactions that have stored events since the store was made. */
  transactions(): Promise<number>
}

export interface Implementation {
  readonly name: string
  /** How many of the runs that a property asks for are enough where each costs more. */
  readonly share: number
  /** The log in this folder: opened again, the same one. */
  open(folder: string): Promise<Opened>
}

const sqlite: Implementation = {
  name: 'SQLite',
  share: 1,
  async open(folder) {
    const path = join(folder, 'events.db')
    const waiters = new Waiters()
    const log = new SqliteLog(openDatabase(path), waiters)
    return { log, waiting: () => waiters.size, transactions: async () => commitsIn(`${path}-wal`) }
  },
}

const tailed: Implementation = {
  name: 'SQLite behind its tail in memory',
  share: 1,
  async open(folder) {
    const { log, ...rest } = await sqlite.open(folder)
    // Small, so that the tests reach both of its ends.
    return { ...rest, log: withTail(log as SqliteLog, { events: 16 }) }
  },
}

const postgres: Implementation = {
  name: 'PostgreSQL',
  share: 0.2,
  open: (folder) => openIn(folder, emptyDatabase),
}

const pooled: Implementation = {
  name: 'PostgreSQL behind pgbouncer',
  share: 0.2,
  open: (folder) => openIn(folder, emptyPooledDatabase),
}

export const implementations: readonly Implementation[] = [
  sqlite,
  tailed,
  postgres,
  ...(whyWithoutPgbouncer === '' ? [pooled] : []),
]

async function openIn(folder: string, place: () => Promise<string>): Promise<Opened> {
  const url = await databaseOf(folder, place)
  const waiters = new Waiters()
  const log = await openPostgresLog(url, { pollMs: 1000, poolSize: 10, startPatienceMs: 0 }, waiters)
  return { log, waiting: () => waiters.size, transactions: () => transactionsIn(url) }
}

/** The folder's own database: its address is kept in a file there. */
async function databaseOf(folder: string, place: () => Promise<string>): Promise<string> {
  const path = join(folder, 'database-url')
  if (!existsSync(path)) writeFileSync(path, await place())
  return readFileSync(path, 'utf8')
}

/** Each row names the transaction that made it. */
async function transactionsIn(url: string): Promise<number> {
  const [row] = await query(url, 'SELECT count(DISTINCT xmin::text) AS count FROM events')
  return Number(row?.['count'])
}

const walHeader = 32
const frameHeader = 24

/** Commits in a write-ahead log: the frames that carry the file's size. https://www.sqlite.org/fileformat.html#walformat */
function commitsIn(path: string): number {
  const file = openSync(path, 'r')
  try {
    const pageSize = readAt(file, 8)
    const end = statSync(path).size
    let commits = 0
    for (let at = walHeader; at < end; at += frameHeader + pageSize) if (readAt(file, at + 4) > 0) commits++
    return commits
  } finally {
    closeSync(file)
  }
}

function readAt(file: number, position: number): number {
  const word = Buffer.alloc(4)
  readSync(file, word, 0, 4, position)
  return word.readUInt32BE()
}
