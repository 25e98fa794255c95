import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrations as ofPostgres } from '../../../src/events/postgres/migrations.ts'
import { migrations as ofSqlite } from '../../../src/events/sqlite/migrations.ts'
import { openStore } from '../../../src/events/store.ts'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { folder } from '../support/fresh.ts'
import { opened } from '../support/stores.ts'

/** The last version in which a dead letter had no digest and a log no key. */
const version = 4
const letters = [
  ['1', 'a reason', '00ff'],
  ['1', 'a reason', '00ff'],
  ['1', 'another', '00ff'],
] as const
const values = (bytes: (hex: string) => string): string =>
  letters.map(([app, reason, hex]) => `('${app}', 5, '${reason}', 0, ${bytes(hex)})`).join(', ')
const insert = 'INSERT INTO dead_letters (app_id, received_at, reason, handled, raw) VALUES'

const kinds = [
  {
    name: 'SQLite',
    older: async () => {
      const path = `${folder()}/events.db`
      const database = new DatabaseSync(path)
      for (const sql of ofSqlite.slice(0, version)) database.exec(sql)
      database.exec(`${insert} ${values((hex) => `x'${hex}'`)}; PRAGMA user_version = ${version}`)
      database.close()
      return `file:${path}`
    },
  },
  {
    name: 'PostgreSQL',
    older: async () => {
      const url = await emptyDatabase()
      await query(url, 'CREATE TABLE schema_version (version integer PRIMARY KEY)')
      for (const [index, sql] of ofPostgres.slice(0, version).entries())
        await query(url, `${sql}; INSERT INTO schema_version (version) VALUES (${index + 1})`)
      await query(url, `${insert} ${values((hex) => `'\\x${hex}'`)}`)
      return url
    },
  },
]

describe.each(kinds)('a store of an older release in $name', ({ older }) => {
  it('knows its dead letters again', async () => {
    const { deadLetters } = await opened(await older())
    for (const [appId, reason, hex] of letters)
      await deadLetters.add([{ appId, receivedAt: 6, reason, raw: Buffer.from(hex, 'hex') }])
    expect(await deadLetters.count('1')).toBe(letters.length)
    await deadLetters.add([{ appId: '1', receivedAt: 6, reason: 'a new one', raw: Buffer.of() }])
    expect(await deadLetters.count('1')).toBe(letters.length + 1)
  })

  it('seals cursors with a key of its own, the same whenever it is opened', async () => {
    const [url, other] = [await older(), await older()]
    const first = await opened(url)
    const cursor = first.log.cursors.encode(0)
    await first.close()
    expect((await opened(url)).log.cursors.decode(cursor)).toEqual({ seq: 0 })
    expect((await opened(other)).log.cursors.decode(cursor)).toHaveProperty('problem')
  })

  it('is not changed by who only looks at one that is there', async () => {
    const url = await older()
    await expect(openStore(url, { mustExist: true })).rejects.toThrow(`it has version ${version} and this`)
    await (await openStore(url)).close()
    await (await openStore(url, { mustExist: true })).close()
  })
})
