import type { Client } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { PostgresProcess } from '../../support/postgres-process.ts'
import { until } from '../../support/until.ts'
import { anEvent } from '../support/events.ts'
import { instance, stranger } from '../support/postgres.ts'

const own = "FROM pg_stat_activity WHERE application_name SIMILAR TO 'mps[-_]gateway%'"
const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

describe('the connections of an instance', () => {
  it('are never more than it may have in all, however much is asked of it', async () => {
    const server = await serverWith()
    const watcher = await stranger(server.url)
    const log = await instance(await emptyDatabase(server.url), { poolSize: 5 })
    const counts: number[] = []
    const work = Promise.all([
      times(50, () => log.sql.read('SELECT pg_sleep(0.02)')),
      times(50, () => log.append([anEvent()])),
    ])
    for (let look = 0; look < 100; look++) counts.push(await count(watcher))
    await work
    expect(Math.max(...counts)).toBe(5)
  })

  it('are enough when the server has no more: reads wait for them, and appends have their own', async () => {
    const server = await serverWith('max_connections=8')
    const url = await emptyDatabase(server.url)
    const log = await instance(url, { poolSize: 6 })
    await until(async () => (await query(url, `SELECT 1 ${own}`)).length === 3)
    await takeAll(server)
    const reads = times(40, () => log.sql.read('SELECT pg_sleep(0.01)'))
    const appends = times(10, () => log.append([anEvent()]))
    expect(await reads).toHaveLength(40)
    expect(await appends).toHaveLength(10)
    expect(await log.head()).toBe(10)
  })

  it('grow again when the server has more', async () => {
    const server = await serverWith('max_connections=8')
    const log = await instance(await emptyDatabase(server.url), { poolSize: 6 })
    const others = await takeAll(server)
    await times(8, () => log.head())
    const watcher = others.pop()
    await Promise.all(others.map((other) => other.end()))
    await until(async () => {
      await times(20, () => log.sql.read('SELECT pg_sleep(0.02)'))
      return (await count(watcher)) === 6
    })
    expect(await log.head()).toBe(0)
  })

  it('take an append with the reads when its own was lost and somebody else has its place', async () => {
    const server = await serverWith('max_connections=8')
    const log = await instance(await emptyDatabase(server.url), { poolSize: 6 })
    await log.append([anEvent()])
    const [other] = await takeAll(server)
    await until(async () => (await other?.query(`SELECT 1 ${own}`))?.rowCount === 3)
    await other?.query(`SELECT pg_terminate_backend(pid) ${own} AND query LIKE '%append_events%'`)
    await takeAll(server)
    expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
    expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
  })

  it('are there again, that of appends too, before anybody needs them', async () => {
    const server = await serverWith()
    const watcher = await stranger(server.url)
    await instance(await emptyDatabase(server.url))
    await until(async () => (await count(watcher)) === 3)
    const ended = await watcher.query(`SELECT pg_terminate_backend(pid) ${own}`)
    expect(ended.rowCount).toBe(3)
    await until(async () => (await count(watcher)) === 3)
  })
})

async function serverWith(...settings: readonly string[]): Promise<PostgresProcess> {
  const server = await PostgresProcess.start('fsync=off', 'autovacuum=off', ...settings)
  onTestFinished(() => server.stop())
  return server
}

async function count(watcher: Client | undefined): Promise<number> {
  return (await watcher?.query(`SELECT 1 ${own}`))?.rowCount ?? 0
}

/** Another program that takes every connection that the server has left. */
async function takeAll({ url }: PostgresProcess): Promise<Client[]> {
  const taken: Client[] = []
  for (;;) {
    const client = await stranger(url).catch((error: unknown) => {
      expect(error).toMatchObject({ code: '53300' })
      return null
    })
    if (!client) return taken
    taken.push(client)
  }
}
