import { describe, expect, it } from 'vitest'
import { emptyDatabase } from '../../support/postgres.ts'
import { appendRows, toRows } from '../../../src/events/postgres/append.ts'
import { anEvent, everything } from '../support/events.ts'
import { followed, instance, stranger } from '../support/postgres.ts'

describe('the order of appends of several instances', () => {
  it('is one that a reader by position alone would miss an event in, were it left to the database', async () => {
    const url = await emptyDatabase()
    const [slow, quick] = [await stranger(url), await stranger(url)]
    await quick.query('CREATE TABLE naive (seq bigserial, name text)')
    const read = async (after: number): Promise<string[]> => {
      const { rows } = await quick.query<{ name: string }>(
        'SELECT name FROM naive WHERE seq > $1 ORDER BY seq',
        [after],
      )
      return rows.map(({ name }) => name)
    }
    await slow.query("BEGIN; INSERT INTO naive (name) VALUES ('first')")
    await quick.query("INSERT INTO naive (name) VALUES ('second')")
    expect(await read(0)).toEqual(['second'])
    await slow.query('COMMIT')
    expect(await read(2)).toEqual([])
    expect(await read(0)).toEqual(['first', 'second'])
  })

  it('lets no reader miss one in the same schedule: who comes later commits later', async () => {
    const url = await emptyDatabase()
    const [log, slow] = [await instance(url), await stranger(url)]
    const [first, second] = [anEvent(), anEvent()]
    await slow.query('BEGIN')
    await appendRows(slow, toRows([first]), null)
    let isStored = false
    const append = log.append([second]).then(() => (isStored = true))
    expect(await log.readAfter(0, everything, 10)).toEqual({ from: 0, events: [], upTo: 0 })
    expect(isStored).toBe(false)
    await slow.query('COMMIT')
    await append
    expect((await log.readAfter(0, everything, 10)).events).toMatchObject([first, second])
  })

  it('is the same for followers of two instances while sixteen write, with nothing left out', async () => {
    const url = await emptyDatabase()
    const writers = await Promise.all(Array.from({ length: 16 }, () => instance(url)))
    const [posts, count] = [20, 16 * 20 * 2]
    const readers = writers.slice(0, 2).map((log) => followed(log, count))
    await Promise.all(
      writers.map(async (log) => {
        for (let post = 0; post < posts; post++) await log.append([anEvent(), anEvent()])
      }),
    )
    const [one = [], other = []] = await Promise.all(readers)
    expect(one.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    expect(other).toEqual(one)
    expect(new Set(one.map(({ dedupeKey }) => dedupeKey)).size).toBe(count)
  })

  it('has an event once when all instances are sent it at once', async () => {
    const url = await emptyDatabase()
    const logs = await Promise.all(Array.from({ length: 8 }, () => instance(url)))
    const events = [anEvent(), anEvent()]
    const outcomes = await Promise.all(logs.map((log) => log.append(events)))
    expect(outcomes.filter(({ stored }) => stored === 2)).toHaveLength(1)
    expect(outcomes.filter(({ duplicates }) => duplicates === 2)).toHaveLength(7)
    expect(await logs[0]?.head()).toBe(2)
  })
})
