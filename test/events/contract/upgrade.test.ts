import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { postgresMigrations } from '../../../src/events/postgres/migrate.ts'
import { sqliteMigrations } from '../../../src/events/sqlite/open.ts'
import { openStore } from '../../../src/events/store.ts'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { folder } from '../support/fresh.ts'
import { opened } from '../support/stores.ts'

/** The last version in which a dead letter had no digest and a log no key, and bodies were kept as they came. */
const version = 4
const failed = 'could not be handled: Error: x'
const post = (...fields: readonly string[]): string => {
  const changes = fields.map((field) => ({
    field,
    value: { event: 'PARTNER_ADDED', note: 'a private word' },
  }))
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', time: 1, changes }] })
}
const letters = [
  ['1', 'a reason', '\0\u00ff'],
  ['1', 'a reason', '\0\u00ff'],
  ['1', 'body is not JSON', '{"field":"account_update", a private word'],
  ['1', failed, post('account_update')],
  ['1', failed, post('account_update', 'messages')],
  ['1', failed, post('a_new_field')],
] as const
const values = (bytes: (hex: string) => string): string =>
  letters
    .map(([app, reason, raw]) => [app, reason, Buffer.from(raw).toString('hex')] as const)
    .map(([app, reason, hex]) => `('${app}', 5, '${reason}', 0, ${bytes(hex)})`)
    .join(', ')
const insert = 'INSERT INTO dead_letters (app_id, received_at, reason, handled, raw) VALUES'
const events = [
  [1, 'CLIENT_WABA_UPDATED', 'account_update', '{"event":"ACCOUNT_VIOLATION"}'],
  [2, 'OTHER', 'a_new_field', '{"text":"a private word"}'],
  [3, 'OTHER', '$malformed', '{"reason":"x","raw":"a private word"}'],
  [4, 'OTHER', 'partner_solutions', '{"event":"SOLUTION_ATTACHED"}'],
] as const
const insertEvents = `INSERT INTO events (seq, app_id, kind, source, dedupe_key, occurred_at, received_at, field, payload)
  VALUES ${events.map(([seq, kind, field, payload]) => `(${seq}, '1', '${kind}', 'WEBHOOK', '${seq}', 5, 5, '${field}', '${payload}')`).join(', ')}`

const kinds = [
  {
    name: 'SQLite',
    older: async () => {
      const path = `${folder()}/events.db`
      const database = new DatabaseSync(path)
      for (const { sql } of sqliteMigrations.slice(0, version)) database.exec(sql)
      database.exec(`${insert} ${values((hex) => `x'${hex}'`)}; PRAGMA user_version = ${version}`)
      database.exec(insertEvents)
      database.close()
      return `file:${path}`
    },
  },
  {
    name: 'PostgreSQL',
    older: async () => {
      const url = await emptyDatabase()
      await query(url, 'CREATE TABLE schema_version (version integer PRIMARY KEY)')
      for (const [index, { sql }] of postgresMigrations.slice(0, version).entries())
        await query(url, `${sql}; INSERT INTO schema_version (version) VALUES (${index + 1})`)
      await query(url, `${insert} ${values((hex) => `'\\x${hex}'`)}`)
      await query(url, insertEvents)
      return url
    },
  },
]

describe.each(kinds)('a store of an older release in $name', ({ older }) => {
  it('keeps its dead letters, and of what they hold nothing that may hold people', async () => {
    const { deadLetters } = await opened(await older())
    const list = await deadLetters.list({ limit: 10 })
    expect(list.map(({ reason, size }) => [reason, size])).toEqual(
      letters.map(([, reason, raw]) => [reason, Buffer.byteLength(raw)]),
    )
    const raws = await Promise.all(list.map(async ({ id }) => String((await deadLetters.get(id))?.raw)))
    expect(raws).toEqual(letters.map(([, , raw]) => (raw === post('account_update') ? raw : '')))
    const empty = { receivedAt: 6, reason: 'a new one', raw: Buffer.of(), size: 9 }
    for (const fingerprint of ['a', 'b', 'b']) await deadLetters.add([{ appId: '1', fingerprint, ...empty }])
    expect(await deadLetters.count('1')).toBe(letters.length + 2)
  })

  it('keeps its events, and of unknown ones their size', async () => {
    const { log } = await opened(await older())
    const { events: kept } = await log.readAfter(0, { appIds: ['1'] }, 10)
    expect(kept.map(({ payload }) => payload)).toEqual(
      events.map(([, kind, field, payload]) =>
        kind === 'OTHER' && field !== 'partner_solutions' ? `{"size":${payload.length}}` : payload,
      ),
    )
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
