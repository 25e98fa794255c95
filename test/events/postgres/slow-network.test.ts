import { writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase, emptyPooledDatabase, query } from '../../support/postgres.ts'
import { whyWithoutPgbouncer } from '../../support/pgbouncer.ts'
import { PostgresProcess } from '../../support/postgres-process.ts'
import { until } from '../../support/until.ts'
import { SqlLeases } from '../../../src/events/sql/leases.ts'
import { anEvent } from '../support/events.ts'
import { followed, instance } from '../support/postgres.ts'
import { wireTo } from '../../support/postgres-wire.ts'

/** One way. With a password a connection takes four round trips here; seven of 200 ms with TLS take as long. */
const delayMs = 175

describe('a network on which every answer takes long', () => {
  it('makes everything slow and nothing fail: connecting with a password, appends, reads, leases', async () => {
    const { url, transactions } = await databaseWithPassword()
    const wire = await wireTo(url)
    wire.delay(delayMs)
    const [other, far] = [await instance(url), await instance(wire.url, { startPatienceMs: 5000 })]
    const events = followed(far, 41)
    const appends = Array.from({ length: 40 }, () => far.append([anEvent()]))
    expect(await Promise.all(appends)).toHaveLength(40)
    expect(await transactions(), 'grouped').toBeLessThanOrEqual(2)
    const reads = Array.from({ length: 16 }, () => far.head())
    expect(new Set(await Promise.all(reads))).toEqual(new Set([40]))
    const leases = new SqlLeases(far.sql, far)
    const lease = await leases.acquire('anything', 'me', 10_000)
    expect(lease && (await leases.renew(lease, 10_000))).toBe(true)
    await other.append([anEvent()])
    expect(await events).toHaveLength(41)
  })

  it('has connections again after it was cut', async () => {
    const { url } = await databaseWithPassword()
    const wire = await wireTo(url)
    const log = await instance(wire.url)
    wire.delay(delayMs)
    wire.cut()
    await until(() =>
      log.append([anEvent()]).then(
        () => true,
        () => false,
      ),
    )
    expect(await log.head()).toBe(1)
  })

  const ways = [
    { way: 'to the server', place: () => emptyDatabase(), skip: false },
    {
      way: `through pgbouncer${whyWithoutPgbouncer}`,
      place: () => emptyPooledDatabase(),
      skip: whyWithoutPgbouncer !== '',
    },
  ]
  for (const { way, place, skip } of ways)
    it.skipIf(skip)(`has one round trip for an append, ${way}`, async () => {
      const url = await place()
      const wire = await wireTo(url)
      // The connection of appends has the most by then.
      const log = await instance(wire.url, { listenUrl: await emptyDatabase(), pollMs: 1_000_000_000 })
      const append = async (): Promise<unknown> => log.append([anEvent(), anEvent()])
      for (let post = 0; post < 50; post++) await append()
      const before = wire.roundTrips
      for (let post = 0; post < 10; post++) await append()
      expect(wire.roundTrips - before).toBe(10)
    })
})

/** Of a server that asks for a password, in the way that takes the most steps. */
async function databaseWithPassword() {
  const server = await PostgresProcess.start('fsync=off')
  onTestFinished(() => server.stop())
  await query(server.url, "CREATE ROLE far LOGIN SUPERUSER PASSWORD 'a password'")
  const [row] = await query(server.url, 'SHOW hba_file')
  writeFileSync(String(row?.['hba_file']), 'host all far all scram-sha-256\nhost all postgres all trust\n')
  await query(server.url, 'SELECT pg_reload_conf()')
  const near = await emptyDatabase(server.url)
  return {
    url: near.replace('postgres@', 'far:a%20password@'),
    async transactions(): Promise<number> {
      const [row] = await query(near, 'SELECT count(DISTINCT xmin::text) AS count FROM events')
      return Number(row?.['count'])
    },
  }
}
