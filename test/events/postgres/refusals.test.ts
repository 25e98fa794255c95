import { describe, expect, it } from 'vitest'
import { StoreRefused } from '../../../src/events/log.ts'
import { postgresMigrations } from '../../../src/events/postgres/migrate.ts'
import { openStore } from '../../../src/events/store.ts'
import { emptyDatabase, postgresUrl, query } from '../../support/postgres.ts'
import { anEvent } from '../support/events.ts'
import { instance } from '../support/postgres.ts'

describe('a PostgreSQL store that is refused', () => {
  it('of a newer release: says so, says what to do, and is not touched', async () => {
    const url = await emptyDatabase()
    await (await instance(url)).close()
    await query(url, 'INSERT INTO schema_version (version) VALUES (99)')
    await query(url, "UPDATE log SET compatible_from = 99, upgraded_by = '9.9.9'")
    const message = await refusalOf(url)
    expect(message).toContain('version 99')
    expect(message).toContain('start mps-gateway 9.9.9 again, or restore the backup')
    expect(message).toContain('Nothing was changed')
    expect(await query(url, 'SELECT max(version) AS version FROM schema_version')).toEqual([{ version: 99 }])
  })

  it('with a table of another program in its place: is left as it is', async () => {
    const url = await emptyDatabase()
    await query(url, 'CREATE TABLE writes (title text)')
    expect(await refusalOf(url)).toContain('Name another database or schema')
    const tables = await query(url, 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()')
    expect(tables).toEqual([{ tablename: 'writes' }])
  })

  it('in a schema that does not exist: says what to create', async () => {
    expect(await refusalOf(`${await postgresUrl()}?options=-csearch_path%3Dnowhere`)).toContain('schema')
  })

  it('in a database that does not exist: says what to create', async () => {
    const url = (await postgresUrl()).replace(/postgres$/, 'nowhere')
    expect(await refusalOf(url)).toContain('Create it, or name another')
  })

  it('whose text cannot hold every character: says which can', async () => {
    const url = await postgresUrl()
    await query(url, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    expect(await refusalOf(url.replace(/postgres$/, 'latin'))).toContain('ENCODING UTF8')
  })

  it('where nothing listens: says where that is, without the password', async () => {
    const message = await refusalOf('postgres://somebody:hunter2@127.0.0.1:1/events')
    expect(message).toContain('127.0.0.1:1/events')
    expect(message).toContain('Check that it runs')
    expect(message).not.toContain('hunter2')
    expect(message).not.toContain('somebody')
  })
})

describe('a PostgreSQL store that is made', () => {
  it('by several instances at once is made once', async () => {
    const url = await emptyDatabase()
    const logs = await Promise.all(Array.from({ length: 6 }, () => instance(url)))
    expect(new Set(logs.map(({ id }) => id)).size).toBe(1)
    expect(logs[0]?.id).toMatch(/^[0-9a-f]{16}$/)
    const versions = await query(url, 'SELECT version FROM schema_version ORDER BY version')
    expect(versions.map(({ version }) => version)).toEqual(postgresMigrations.map((_, index) => index + 1))
  })

  it('is opened again by one who may only write rows', async () => {
    const url = await emptyDatabase()
    await (await instance(url)).append([anEvent()])
    const [{ schema, name } = { schema: '', name: '' }] = (await query(
      url,
      "SELECT current_schema() AS schema, 'clerk_' || substr(md5(random()::text), 1, 8) AS name",
    )) as { schema: string; name: string }[]
    await query(
      url,
      `CREATE ROLE ${name} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO ${name};
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${name}`,
    )
    const log = await instance(url.replace('postgres@', `${name}@`))
    expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
  })
})

async function refusalOf(url: string): Promise<string> {
  try {
    await (await openStore(url, { startPatienceMs: 0 })).close()
  } catch (error) {
    if (error instanceof StoreRefused) return error.message
    throw error
  }
  throw new Error('The store was opened')
}
