import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { primaryAndStandby } from '../../support/postgres-pair.ts'
import { wireTo } from '../../support/postgres-wire.ts'
import { until } from '../../support/until.ts'
import { anEvent } from '../support/events.ts'
import { followed, instance, persistently } from '../support/postgres.ts'

const storeUnavailable = expect.objectContaining({ name: 'StoreUnavailable' })

describe('a primary that dies, behind a name that leads to its standby then', () => {
  it('loses nothing that was acknowledged where the standby is synchronous, and gives nothing twice', async () => {
    const { primary, standby } = await primaryAndStandby()
    await query(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
    await query(primary.url, 'SELECT pg_reload_conf()')
    const url = await emptyDatabase(primary.url)
    const wire = await wireTo(url)
    const log = await instance(wire.url, { pollMs: 100 })
    const [senders, posts] = [8, 30]
    const events = followed(log, senders * posts)
    const acknowledged: string[] = []
    const send = async (sender: number): Promise<void> => {
      for (let post = 0; post < posts; post++) {
        const event = anEvent({ dedupeKey: `${sender}-${post}` })
        await persistently(log, [event])
        acknowledged.push(event.dedupeKey)
        await sleep(1)
      }
    }
    const failover = async (): Promise<void> => {
      await until(() => acknowledged.length > (senders * posts) / 3)
      await primary.kill()
      wire.leadTo(standby.url)
      await until(() => refusesAsStandby(log.append([anEvent({ dedupeKey: 'refused' })])))
      await expect(log.head()).rejects.toThrow(storeUnavailable)
      await query(standby.url, 'SELECT pg_promote()')
    }
    await Promise.all([failover(), ...Array.from({ length: senders }, (_, sender) => send(sender))])
    const read = await events
    const keys = read.map(({ dedupeKey }) => dedupeKey)
    expect(new Set(keys).size, 'twice').toBe(keys.length)
    expect(new Set(keys), 'lost').toEqual(new Set(acknowledged))
    expect(read.map(({ seq }) => seq)).toEqual(read.map(({ seq }) => seq).toSorted((a, b) => a - b))
  })

  it('goes on from the position of the standby where that had not everything', async () => {
    const { primary, standby, between } = await primaryAndStandby()
    const url = await emptyDatabase(primary.url)
    const wire = await wireTo(url)
    const log = await instance(wire.url, { pollMs: 100 })
    await log.append([anEvent(), anEvent(), anEvent()])
    const there = url.replace(primary.url, standby.url)
    await until(async () => (await countIn(there)) === 3)
    between.leadTo('postgres://127.0.0.1:1/nowhere')
    await log.append([anEvent(), anEvent()])
    expect(await log.head()).toBe(5)
    await primary.kill()
    wire.leadTo(standby.url)
    await query(standby.url, 'SELECT pg_promote()')
    await persistently(log, [anEvent()])
    expect(await log.head()).toBe(4)
    const other = await instance(wire.url)
    const events = followed(other, 5)
    await persistently(log, [anEvent()])
    expect((await events).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  })

  it('is not begun with on a standby: the refusal says what to name', async () => {
    const { primary, standby } = await primaryAndStandby()
    const url = await emptyDatabase(primary.url)
    await (await instance(url)).close()
    const there = url.replace(primary.url, standby.url)
    await expect(instance(there)).rejects.toThrow('Name the primary in DATABASE_URL')
  })
})

async function refusesAsStandby(append: Promise<unknown>): Promise<boolean> {
  const outcome = await append.catch((error: unknown) => error)
  return outcome instanceof Error && outcome.message.includes('standby')
}

async function countIn(url: string): Promise<number> {
  const [row] = await query(url, 'SELECT count(*) AS count FROM events').catch(() => [])
  return Number(row?.['count'] ?? 0)
}
