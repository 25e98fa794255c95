import { describe, expect, it } from 'vitest'
import { Cursors } from '../../../src/events/cursor.ts'
import { anEvent, everything } from '../support/events.ts'
import { opened, storeKinds } from '../support/stores.ts'
import { toRow, columns } from '../../../src/events/sql/rows.ts'
import { buildStore } from './support/build.ts'
import { bySql } from './support/by-sql.ts'
import { today } from './support/next.ts'

/** The first version whose log has a key for its cursors. */
const sealed = 5
const versions = Array.from({ length: today - 1 }, (_, index) => index + 1)

const event = anEvent({ wabaId: '2', payload: '{"event":"PARTNER_ADDED"}' })
const literal = (value: unknown): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${String(value)}'`
const id = { appId: '1', verb: 'accept', key: 'key k' }
const rows = `
  INSERT INTO events (seq, ${columns}) VALUES (3, ${toRow(event).map(literal).join(', ')});
  INSERT INTO writes (app_id, verb, key, input, state, outcome, started_at)
    VALUES ('${id.appId}', '${id.verb}', '${id.key}', 'digest', 'done', '{"made":"9"}', 5);
`

describe.each(storeKinds)('a store of an earlier development version in $name', (kind) => {
  it.each(versions)('is taken over with its events and its keys: version %i', async (version) => {
    const url = await kind.place()
    await buildStore(url, version, rows)
    const store = await opened(url)
    const { events } = await store.log.readAfter(0, everything, 10)
    expect(events).toEqual([{ ...event, seq: 3 }])
    expect(await store.writes.get(id)).toMatchObject({
      input: 'digest',
      state: 'done',
      outcome: '{"made":"9"}',
    })
    expect((await store.version()).version).toBe(today)
  })

  it.each(versions.filter((version) => version >= sealed))(
    'keeps its cursors: version %i',
    async (version) => {
      const url = await kind.place()
      await buildStore(url, version, rows)
      const [log] = await bySql(url, 'SELECT id, cursor_key FROM log')
      const cursor = new Cursors(String(log?.['id']), String(log?.['cursor_key'])).encode(3)
      expect((await opened(url)).log.cursors.decode(cursor)).toEqual({ seq: 3 })
    },
  )

  it('is taken over once by several instances that start together', async () => {
    const url = await kind.place()
    await buildStore(url, 1, rows)
    const stores = await Promise.all(Array.from({ length: 3 }, () => opened(url)))
    for (const { log } of stores) expect(await log.head()).toBe(3)
    expect(new Set(stores.map(({ log }) => log.id)).size).toBe(1)
    expect(await bySql(url, 'SELECT id FROM log')).toHaveLength(1)
  })
})
