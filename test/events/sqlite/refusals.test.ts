import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreRefused } from '../../../src/events/log.ts'
import { SqliteLog } from '../../../src/events/sqlite/log.ts'
import { openDatabase } from '../../../src/events/sqlite/open.ts'
import { anEvent, everything } from '../support/events.ts'
import { folder } from '../support/fresh.ts'

/** What a release of the future makes of a store, on which this one can no longer work. */
const newer = "PRAGMA user_version = 99; UPDATE log SET compatible_from = 99, upgraded_by = '9.9.9'"

/** How each store comes to be unusable, what the refusal says, and what it says to do. */
const cases: readonly (readonly [string, (path: string) => Promise<void> | void, string, string])[] = [
  ['of a newer release', (path) => edited(path, newer), 'version 99', 'start mps-gateway 9.9.9 again'],
  ['of another program', ofAnotherProgram, 'something else', 'Name another file'],
  [
    'that is no SQLite file',
    (path) => writeFileSync(path, 'Dear diary\n'.repeat(1000)),
    'not a database',
    'Name another',
  ],
  ['with zeros in its middle', (path) => damagedAt(path, 0.5), 'damaged', 'from a backup'],
  ['with zeros over its schema', (path) => damagedAt(path, 0), '', 'Nothing was changed'],
  ['that was cut off', cutOff, '', 'from a backup'],
]

describe('a store that is refused', () => {
  it.each(cases)('%s: says so, says what to do, and is not touched', async (_, spoil, why, advice) => {
    const at = folder()
    const path = `${at}/events.db`
    await spoil(path)
    const before = readFileSync(path)
    const refusal = refusalOf(path)
    expect(refusal).toBeInstanceOf(StoreRefused)
    expect(refusal.message).toContain(path)
    expect(refusal.message).toContain(why)
    expect(refusal.message).toContain(advice)
    expect(refusalOf(path).message).toBe(refusal.message)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('of a newer release, killed: keeps its write-ahead log as well', async () => {
    const [from, at] = [folder(), folder()]
    const database = openDatabase(`${from}/events.db`)
    database.exec(newer)
    for (const name of ['events.db', 'events.db-wal']) copyFileSync(`${from}/${name}`, `${at}/${name}`)
    database.close()
    const before = ['events.db', 'events.db-wal'].map((name) => readFileSync(`${at}/${name}`))
    expect(refusalOf(`${at}/events.db`).message).toContain('version 99')
    expect(['events.db', 'events.db-wal'].map((name) => readFileSync(`${at}/${name}`))).toEqual(before)
  })

  it('at a path inside a file: says which path and makes nothing', () => {
    const at = folder()
    writeFileSync(`${at}/file`, 'a file')
    const refusal = refusalOf(`${at}/file/events.db`)
    expect(refusal.message).toContain('Name another file in DATABASE_URL')
    expect(readFileSync(`${at}/file`, 'utf8')).toBe('a file')
  })

  it('at a path that is a folder: is left alone', () => {
    const at = folder()
    mkdirSync(`${at}/events.db`)
    expect(refusalOf(`${at}/events.db`)).toBeInstanceOf(StoreRefused)
    expect(readdirSync(at)).toEqual(['events.db'])
  })

  it('in a file that may only be read: is left as it is', async () => {
    const at = folder()
    const path = `${at}/events.db`
    await filled(path)
    const before = readFileSync(path)
    chmodSync(at, 0o777)
    chmodSync(path, 0o444)
    expect(asNobody(() => refusalOf(path)).message).toContain('right to write the file')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('in a folder that may only be read: is left as it is', async () => {
    const at = folder()
    const path = `${at}/events.db`
    await filled(path)
    chmodSync(path, 0o666)
    chmodSync(at, 0o555)
    expect(asNobody(() => refusalOf(path)).message).toContain('right to write the file')
    expect(asNobody(() => refusalOf(`${at}/new.db`)).message).toContain('right to write the file')
    expect(asNobody(() => refusalOf(`${at}/below/new.db`)).message).toContain('right to write the file')
    chmodSync(at, 0o755)
    expect(readdirSync(at)).toEqual(['events.db'])
  })

  it('while another process makes it: says that it is in use', () => {
    const path = `${folder()}/events.db`
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE t (a)')
    expect(refusalOf(path).message).toContain('Another process uses it')
    other.close()
  })
})

describe('a store that is taken', () => {
  it('is made with its folders', () => {
    const path = `${folder()}/some/where/events.db`
    openDatabase(path).close()
    expect(readFileSync(path).length).toBeGreaterThan(0)
  })

  it('may be an empty file', async () => {
    const path = `${folder()}/events.db`
    writeFileSync(path, '')
    const log = new SqliteLog(openDatabase(path))
    expect(await log.head()).toBe(0)
    await log.close()
  })

  it('is not written to when it needs nothing, so that it opens on a full disk', async () => {
    const path = `${folder()}/events.db`
    await filled(path)
    const before = readFileSync(path)
    openDatabase(path).close()
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('is opened although another process writes to it', async () => {
    const path = `${folder()}/events.db`
    await filled(path)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const log = new SqliteLog(openDatabase(path))
    expect(await log.head()).toBe(200)
    other.close()
    await log.append([anEvent()])
    await log.close()
  })

  it('is too large to be read at the start: then its ends are, and damage between is told to who reads it', async () => {
    const path = `${folder()}/events.db`
    await damagedAt(path, 0.6)
    truncateSync(path, 300_000_000)
    const log = new SqliteLog(openDatabase(path))
    expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
    expect((await log.readAfter(0, everything, 10)).events).toHaveLength(10)
    expect(await log.readBefore(1000, everything, 10)).toHaveLength(10)
    await expect(log.readAfter(0, everything, 500)).rejects.toThrow(
      expect.objectContaining({ name: 'StoreUnavailable' }),
    )
    await log.close()
  })

  it('is too large to be read at the start, but refused when one of its ends is damaged', async () => {
    const path = `${folder()}/events.db`
    await damagedAt(path, 0)
    truncateSync(path, 300_000_000)
    expect(refusalOf(path)).toBeInstanceOf(StoreRefused)
  })
})

function refusalOf(path: string): StoreRefused {
  try {
    openDatabase(path).close()
  } catch (error) {
    if (error instanceof StoreRefused) return error
    throw error
  }
  throw new Error('The store was opened')
}

async function filled(path: string): Promise<void> {
  const log = new SqliteLog(openDatabase(path))
  await log.append(Array.from({ length: 200 }, () => anEvent({ payload: 'x'.repeat(500) })))
  await log.close()
}

async function edited(path: string, sql: string): Promise<void> {
  await filled(path)
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

function ofAnotherProgram(path: string): void {
  const database = new DatabaseSync(path)
  database.exec("CREATE TABLE photos (name TEXT); INSERT INTO photos VALUES ('Rome')")
  database.close()
}

/** Zeros over the beginning of the file, or over some pages with events that stand at a part of all of them. */
async function damagedAt(path: string, part: number): Promise<void> {
  await filled(path)
  const pages = part === 0 ? [] : pagesWithEvents(path)
  const first = Math.floor(pages.length * part)
  const bytes = readFileSync(path)
  if (part === 0) bytes.fill(0, 100, 3 * 4096)
  for (const page of pages.slice(first, first + 3)) bytes.fill(0, (page - 1) * 4096, page * 4096)
  writeFileSync(path, bytes)
}

function pagesWithEvents(path: string): readonly number[] {
  const database = new DatabaseSync(path)
  const rows = database
    .prepare("SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY path")
    .all()
  database.close()
  return rows.map(({ pageno }) => Number(pageno))
}

async function cutOff(path: string): Promise<void> {
  await filled(path)
  truncateSync(path, 5 * 4096)
}

/** Root may write everything: to see what others may, be nobody for as long as this takes. */
function asNobody<T>(use: () => T): T {
  if (process.geteuid?.() !== 0) return use()
  process.seteuid?.(65_534)
  onTestFinished(() => process.seteuid?.(0))
  try {
    return use()
  } finally {
    process.seteuid?.(0)
  }
}
