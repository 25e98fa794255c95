import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { follow } from '../../../src/events/follow.ts'
import { SqliteLog } from '../../../src/events/sqlite/log.ts'
import { openDatabase } from '../../../src/events/sqlite/open.ts'
import { SqlWrites } from '../../../src/events/sql/writes.ts'
import { SqliteSql } from '../../../src/events/sqlite/sql.ts'
import { anEvent, everything } from '../support/events.ts'
import { folder } from '../support/fresh.ts'
import { take } from '../support/take.ts'

const storeUnavailable = expect.objectContaining({ name: 'StoreUnavailable' })
const write = { appId: '1', verb: 'createSolution', key: 'k' }

describe('a store that another process has locked', () => {
  it('refuses an append after a bounded wait, in which the event loop goes on', async () => {
    const { log, lock, unlock } = opened()
    lock()
    const turns = countTurns()
    await expect(log.append([anEvent()])).rejects.toThrow(storeUnavailable)
    // A wait that held the loop would have let it turn once or twice.
    expect(turns()).toBeGreaterThan(2)
    unlock()
  })

  it('takes appends again by itself when it is released', async () => {
    const { log, lock, unlock } = opened()
    lock()
    const events = [anEvent()]
    await expect(log.append(events)).rejects.toThrow(storeUnavailable)
    expect(await log.head()).toBe(0)
    unlock()
    expect(await log.append(events)).toEqual({ stored: 1, duplicates: 0 })
  })

  it('takes an append that was waiting when it was released in time', async () => {
    const { log, lock, unlock } = opened()
    lock()
    const first = log.append([anEvent()])
    await turn()
    const second = log.append([anEvent()])
    await turn()
    unlock()
    expect(await Promise.all([first, second])).toEqual([
      { stored: 1, duplicates: 0 },
      { stored: 1, duplicates: 0 },
    ])
  })

  it('refuses all of many appends that come while it is locked, and stores none of them', async () => {
    const { log, lock, unlock } = opened()
    lock()
    const appends = Array.from({ length: 100 }, async () => {
      await turn()
      return log.append([anEvent()])
    })
    const outcomes = await Promise.allSettled(appends)
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    unlock()
    await log.append([anEvent()])
    expect((await log.readAfter(0, everything, 1000)).events).toHaveLength(1)
  })

  it('goes on giving what it has', async () => {
    const { log, lock, unlock } = opened()
    await log.append([anEvent()])
    lock()
    expect((await log.readAfter(0, everything, 10)).events).toHaveLength(1)
    expect(await log.head()).toBe(1)
    unlock()
  })

  it('refuses to begin a write with StoreUnavailable, and begins it when it is released', async () => {
    const { writes, lock, unlock } = opened()
    lock()
    await expect(writes.begin(write, '{}')).rejects.toThrow(storeUnavailable)
    const waiting = writes.begin(write, '{}')
    await turn()
    unlock()
    expect(await waiting).toHaveProperty('begun')
  })
})

describe('a store whose disk is full', () => {
  it('refuses appends, goes on giving what it has, and recovers when there is room', async () => {
    const { log, writes, fill, makeRoom, integrity } = opened()
    await log.append([anEvent()])
    fill()
    const large = [anEvent(), anEvent({ payload: 'x'.repeat(100_000) })]
    await expect(log.append(large)).rejects.toThrow(storeUnavailable)
    await expect(log.append(large)).rejects.toThrow('full')
    await expect(writes.begin({ ...write, key: 'x'.repeat(100_000) }, '')).rejects.toThrow(storeUnavailable)
    expect((await log.readAfter(0, everything, 10)).events).toHaveLength(1)
    makeRoom()
    expect(await log.append(large)).toEqual({ stored: 2, duplicates: 0 })
    expect(await log.head()).toBe(3)
    expect(integrity()).toBe('ok')
  })

  it('stores nothing of an append that it refused, and wakes nobody', async () => {
    const { log, fill, makeRoom } = opened()
    const stop = new AbortController()
    const followed = take(follow(log, 0, everything, stop.signal), 1)
    fill()
    await expect(log.append([anEvent(), anEvent({ payload: 'x'.repeat(100_000) })])).rejects.toThrow(
      storeUnavailable,
    )
    makeRoom()
    const event = anEvent()
    await log.append([event])
    expect(await followed).toMatchObject([event])
    stop.abort()
  })
})

describe('a store that is damaged while it is open', () => {
  it('says StoreUnavailable to readers instead of an error of its own', async () => {
    const { log, database } = opened()
    await log.append([anEvent()])
    database.close()
    const calls = [
      log.readAfter(0, everything, 1),
      log.readBefore(9, everything, 1),
      log.get(1),
      log.head(),
      log.onboarding({ wabaId: '1' }, ['1']),
    ]
    for (const call of calls) await expect(call).rejects.toThrow(storeUnavailable)
  })
})

function opened() {
  const path = `${folder()}/events.db`
  const database = openDatabase(path)
  const log = new SqliteLog(database)
  const other = new DatabaseSync(path)
  onTestFinished(async () => {
    other.close()
    await log.close()
  })
  const pages = (): number => Number(database.prepare('PRAGMA page_count').get()?.['page_count'])
  return {
    database,
    log,
    writes: new SqlWrites(new SqliteSql(database)),
    lock: () => other.exec('BEGIN IMMEDIATE'),
    unlock: () => other.exec('ROLLBACK'),
    fill: () => database.exec(`PRAGMA max_page_count = ${pages()}`),
    makeRoom: () => database.exec('PRAGMA max_page_count = 1000000'),
    integrity: () => database.prepare('PRAGMA integrity_check').get()?.['integrity_check'],
  }
}

/** Counts how often the event loop turns until it is asked. */
function countTurns(): () => number {
  let turns = 0
  const tick = (): void => void (turns++, (immediate = setImmediate(tick)))
  let immediate = setImmediate(tick)
  return () => {
    clearImmediate(immediate)
    return turns
  }
}
