import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreRefused } from '../../../src/events/log.ts'
import { emptyPooledDatabase, postgresUrl, query } from '../../support/postgres.ts'
import { startPgbouncer, whyWithoutPgbouncer } from '../../support/pgbouncer.ts'
import { anEvent } from '../support/events.ts'
import { followed, instance, persistently, stranger } from '../support/postgres.ts'
import type { PostgresOptions } from '../../../src/events/postgres/open.ts'

describe.skipIf(whyWithoutPgbouncer !== '')(
  `behind pgbouncer that lends a connection for one transaction${whyWithoutPgbouncer}`,
  () => {
    it('each statement has the time limits that the address cannot carry', async () => {
      const { url } = await pooled()
      const log = await instance(url)
      const settings = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
      const shown = await Promise.all(settings.map((setting) => log.sql.read(`SHOW ${setting}`)))
      expect(shown.map(([row]) => Object.values(row ?? {}))).toEqual([['5s'], ['1s'], ['5s']])
    })

    it('each statement waits for the disk, also where the database is set not to', async () => {
      const { url, direct } = await pooled()
      await query(direct, 'ALTER ROLE CURRENT_USER SET synchronous_commit = off')
      const [log, other] = [await instance(url), await stranger(url)]
      expect(await log.sql.read('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
      expect((await other.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }])
    })

    it('leaves nothing of them to others who are lent the connection', async () => {
      const { url } = await pooled({ default_pool_size: 1 })
      const [log, other] = [await instance(url), await stranger(url)]
      await log.append([anEvent()])
      await expect(log.sql.read('SELECT 1 / 0')).rejects.toThrow('division by zero')
      const { rows } = await other.query(
        "SELECT current_setting('statement_timeout') AS one, current_setting('lock_timeout') AS two",
      )
      expect(rows).toEqual([{ one: '0', two: '0' }])
    })

    it('instances find what others append without a notification, in order and each once', async () => {
      const { url } = await pooled({ default_pool_size: 4 })
      const logs = await Promise.all([instance(url), instance(url), instance(url)])
      const events = logs.map((log) => followed(log, 60))
      await Promise.all(
        logs.map(async (log) => {
          for (let post = 0; post < 20; post++) await persistently(log, [anEvent()])
        }),
      )
      const upTo = Array.from({ length: 60 }, (_, index) => index + 1)
      for (const read of await Promise.all(events)) expect(read.map(({ seq }) => seq)).toEqual(upTo)
    })

    it('leaves no LISTEN behind on connections that others are lent', async () => {
      const { url, direct } = await pooled()
      const log = await instance(url)
      const read = followed(log, 1)
      await (await instance(url)).append([anEvent()])
      await read
      const told = await query(
        direct,
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND usename = current_user",
      )
      expect(told).toEqual([])
    })

    it('notifications come from the address of the server itself, where it is named', async () => {
      const { url, direct } = await pooled()
      const log = await instance(url, { listenUrl: direct, pollMs: 1_000_000_000 })
      const events = followed(log, 5)
      const other = await instance(url)
      for (let post = 0; post < 5; post++) await other.append([anEvent()])
      expect(await events).toHaveLength(5)
      const listening = await query(
        direct,
        `SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN mps_gateway_${log.id}'`,
      )
      expect(listening).toHaveLength(1)
    })

    it.each([
      ['leads through the pooler as well', 'a pooler is on the way', async (url: string) => url],
      ['leads to another database', 'not the database that DATABASE_URL leads to', () => otherDatabase()],
      ['has no such database', 'does not exist', async (_: string, direct: string) => `${direct}_not`],
    ])('an address for notifications that %s is refused', async (_, why, listenUrl) => {
      const { url, direct } = await pooled()
      const message = await refusalOf(url, { listenUrl: await listenUrl(url, direct) })
      expect(message).toContain(why)
      expect(message).toContain('DATABASE_LISTEN_URL')
    })

    it('an address for notifications that does not answer costs no more than their speed', async () => {
      const { url } = await pooled()
      const log = await instance(url, { listenUrl: 'postgres://postgres@127.0.0.1:1/none' })
      const events = followed(log, 1)
      await (await instance(url)).append([anEvent()])
      expect(await events).toHaveLength(1)
    })

    it('a schema in the address is refused, and the words say where it belongs', async () => {
      const { url } = await pooled()
      expect(await refusalOf(`${url}?options=-csearch_path%3Dmine`)).toContain('ALTER ROLE … SET')
    })

    it('a schema in the address that the pooler is told to ignore is refused as well', async () => {
      const { url } = await pooled({
        ignore_startup_parameters:
          'options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
      })
      expect(await refusalOf(`${url}?options=-csearch_path%3Dmine`)).toContain(
        'search_path in DATABASE_URL does not arrive',
      )
      expect(await (await instance(url)).sql.read('SHOW lock_timeout')).toEqual([{ lock_timeout: '1s' }])
    })

    it('that lends it for one statement only is refused, and the words say what to set', async () => {
      const { url } = await pooled({ pool_mode: 'statement' })
      expect(await refusalOf(url)).toContain('Set pool_mode = transaction')
    })

    it('that lends it for a whole session serves as well', async () => {
      const { url } = await pooled({ pool_mode: 'session' })
      const log = await instance(url)
      const events = followed(log, 1)
      await (await instance(url)).append([anEvent()])
      expect(await events).toHaveLength(1)
    })

    it('that has few connections lets everybody have a turn', async () => {
      const { url } = await pooled({ default_pool_size: 2 })
      const logs = await Promise.all([instance(url), instance(url), instance(url)])
      const appends = logs.flatMap((log) => Array.from({ length: 20 }, () => log.append([anEvent()])))
      const reads = logs.flatMap((log) => Array.from({ length: 20 }, () => log.head()))
      expect(await Promise.all(appends)).toHaveLength(60)
      expect(await Promise.all(reads)).toHaveLength(60)
    })
  },
)

async function pooled(changes: Readonly<Record<string, string | number>> = {}) {
  const server = await postgresUrl()
  const pooler = await startPgbouncer(server, changes)
  onTestFinished(() => pooler[Symbol.asyncDispose]())
  const url = await emptyPooledDatabase(pooler.through(server))
  return { url, direct: Object.assign(new URL(url), { port: new URL(server).port }).href }
}

async function otherDatabase(): Promise<string> {
  return (await postgresUrl()).replace(/postgres$/, 'template1')
}

async function refusalOf(url: string, options: Partial<PostgresOptions> = {}): Promise<string> {
  const outcome = await instance(url, options).catch((error: unknown) => error)
  if (outcome instanceof StoreRefused) return outcome.message
  throw new Error('The store was not refused', { cause: outcome })
}
