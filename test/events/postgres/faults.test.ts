import { describe, expect, it } from 'vitest'
import { SqlWrites } from '../../../src/events/sql/writes.ts'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { anEvent, everything } from '../support/events.ts'
import { instance, stranger } from '../support/postgres.ts'

const storeUnavailable = expect.objectContaining({ name: 'StoreUnavailable' })

describe('a PostgreSQL store', () => {
  it('says StoreUnavailable when all its connections are busy, and takes appends all the same', async () => {
    const log = await instance(await emptyDatabase(), { poolSize: 4 })
    let isOver = false
    const busy = Promise.all([1, 2].map(() => log.sql.read('SELECT pg_sleep(3)'))).then(() => (isOver = true))
    const reads = Array.from({ length: 100 }, () => log.head())
    for (const read of reads) await expect(read).rejects.toThrow(storeUnavailable)
    expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
    await log.sql.insert('dead_letters (app_id, received_at, reason, handled, raw)', [
      ['1', 0, 'none', 0, new Uint8Array()],
    ])
    expect(isOver).toBe(false)
    await busy
    expect(await log.head()).toBe(1)
  })

  it('refuses an append after a bounded wait for another’s, and stores nothing of it', async () => {
    const url = await emptyDatabase()
    const [log, other] = [await instance(url), await stranger(url)]
    await other.query('BEGIN; LOCK TABLE events')
    const refused = [anEvent(), anEvent()].map((event) => log.append([event]))
    for (const append of refused) await expect(append).rejects.toThrow(storeUnavailable)
    await other.query('ROLLBACK')
    expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
    expect(await log.head()).toBe(1)
  })

  it('ends a statement that takes too long', async () => {
    const log = await instance(await emptyDatabase())
    const settings = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    const shown = await Promise.all(settings.map((setting) => log.sql.read(`SHOW ${setting}`)))
    expect(shown.map(([row]) => Object.values(row ?? {}))).toEqual([['5s'], ['1s'], ['5s']])
  })

  it('goes on when every connection that it has was ended while nothing happened', async () => {
    const url = await emptyDatabase()
    const log = await instance(url)
    await log.append([anEvent()])
    await Promise.all([log.head(), log.head(), log.head()])
    const pids = await log.sql.read('SELECT pg_backend_pid() AS pid')
    await query(url, `SELECT pg_terminate_backend(${Number(pids[0]?.['pid'])})`)
    const outcome = await log.head().catch((error: unknown) => error)
    if (outcome !== 1) expect(outcome).toMatchObject({ name: 'StoreUnavailable' })
    expect(await log.head()).toBe(1)
  })

  it('keeps an event whose text has a character that its database cannot, in place of which stands another', async () => {
    const log = await instance(await emptyDatabase())
    const event = anEvent({ event: 'A\0B', dedupeKey: 'key \0', payload: '"\\u0000"' })
    expect(await log.append([event])).toEqual({ stored: 1, duplicates: 0 })
    expect(await log.append([event])).toEqual({ stored: 0, duplicates: 1 })
    expect((await log.readAfter(0, everything, 1)).events).toMatchObject([
      { event: 'A\u{fffd}B', payload: '"\\u0000"' },
    ])
  })

  it('stores the neighbours of an event that its database refuses', async () => {
    const log = await instance(await emptyDatabase())
    const refused = anEvent({ dedupeKey: randomText(20_000) })
    const appends = [[anEvent()], [refused], [anEvent(), anEvent()]].map((events) => log.append(events))
    expect((await Promise.allSettled(appends)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect((await log.readAfter(0, everything, 10)).events).toHaveLength(3)
  })

  it('waits for the disk before it acknowledges, also where the database is set not to', async () => {
    const url = `${await emptyDatabase()}%20-csynchronous_commit%3Doff`
    const log = await instance(url)
    expect(await log.sql.read('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
    const other = await stranger(url)
    expect((await other.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }])
    await other.query('BEGIN')
    await other.query(
      "SELECT append_events('{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}',NULL,NULL)",
    )
    expect((await other.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }])
    await other.query('ROLLBACK')
  })

  it('refuses writes with StoreUnavailable when it is closed', async () => {
    const log = await instance(await emptyDatabase())
    const writes = new SqlWrites(log.sql)
    await log.close()
    await expect(writes.forget({ appId: '1', verb: 'v', key: 'k' }, 'a token')).rejects.toThrow(
      storeUnavailable,
    )
  })
})

/** That cannot be made smaller: an index takes no more than some 2,700 bytes. */
function randomText(length: number): string {
  return Array.from({ length }, () => Math.random().toString(36)[2]).join('')
}
