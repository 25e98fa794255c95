import { describe, expect, it, onTestFinished } from 'vitest'
import { follow } from '../../../src/events/follow.ts'
import { openStore } from '../../../src/events/store.ts'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { anEvent, everything } from '../support/events.ts'
import { persistently, stranger } from '../support/postgres.ts'
import { opened, storeKinds } from '../support/stores.ts'
import { take } from '../support/take.ts'
import { bySql } from './support/by-sql.ts'
import { breaking, next, today } from './support/next.ts'
import { objectionsTo } from './support/policy.ts'

const stored = { stored: 1, duplicates: 0 }

it('the next release of these tests keeps to the policy', () => {
  expect(next.map(({ sql }) => objectionsTo(sql))).toEqual([[]])
})

async function versionOf(url: string): Promise<number> {
  const [row] = await bySql(
    url,
    url.startsWith('file:')
      ? 'SELECT user_version AS version FROM pragma_user_version'
      : 'SELECT max(version) AS version FROM schema_version',
  )
  return Number(row?.['version'])
}

describe.each(storeKinds)('a rollback in $name', (kind) => {
  it('to the release before goes on where the newer one has stopped, and so does the newer one again', async () => {
    const url = await kind.place()
    const before = await opened(url)
    await before.log.append([anEvent()])
    await before.close()

    const newer = await opened(url, { later: next })
    await newer.log.append([anEvent()])
    const cursor = newer.log.cursors.encode(1)
    await newer.close()
    expect(await versionOf(url)).toBe(today + 1)

    const back = await opened(url)
    expect(back.log.cursors.decode(cursor)).toEqual({ seq: 1 })
    expect(await back.log.append([anEvent()])).toEqual(stored)
    expect((await back.log.readAfter(1, everything, 10)).events.map(({ seq }) => seq)).toEqual([2, 3])
    await back.deadLetters.add([
      { appId: '1', receivedAt: 1, reason: 'x', raw: Buffer.of(), size: 1, fingerprint: 'x' },
    ])
    await back.close()
    expect(await versionOf(url)).toBe(today + 1)

    const again = await opened(url, { later: next })
    expect(await again.log.head()).toBe(3)
    expect(await again.deadLetters.count('1')).toBe(1)
  })

  it('is also open to the command line beside the newer release', async () => {
    const url = await kind.place()
    const newer = await opened(url, { later: next, serves: true })
    await newer.log.append([anEvent()])
    expect(await (await opened(url, { mustExist: true })).log.head()).toBe(1)
  })

  it('over a release that breaks is refused, with the way back, and changes nothing', async () => {
    const url = await kind.place()
    await (await openStore(url)).close()
    await (await openStore(url, { later: breaking })).close()
    const before = await bySql(url, 'SELECT compatible_from, upgraded_by FROM log')
    for (const options of [{}, { mustExist: true }, { later: next }])
      await expect(openStore(url, options)).rejects.toMatchObject({
        name: 'StoreRefused',
        message: expect.stringMatching(
          new RegExp(
            `it has version ${today + 2} .*only releases that know ${today + 2} still work on it.*` +
              'start mps-gateway [\\d.]+ again, or restore the backup that was made before the upgrade',
          ),
        ) as unknown,
      })
    expect(await bySql(url, 'SELECT compatible_from, upgraded_by FROM log')).toEqual(before)
    expect(await versionOf(url)).toBe(today + 2)
    await (await openStore(url, { later: breaking })).close()
  })
})

describe('instances of two releases on one PostgreSQL', () => {
  it('tell their followers the same, in one order, with cursors that both take', async () => {
    const url = await emptyDatabase()
    const [older, newer] = [await opened(url), await opened(url, { later: next })]
    const stop = new AbortController()
    onTestFinished(() => stop.abort())
    const [atOld, atNew] = [older, newer].map(({ log }) => follow(log, 0, everything, stop.signal))
    for (let round = 0; round < 10; round++)
      await Promise.all([older, newer].map(({ log }) => log.append([anEvent()])))
    const read = await Promise.all([atOld, atNew].map((items) => take(items!, 20)))
    const keys = read.map((events) => events.map(({ seq, dedupeKey }) => [seq, dedupeKey]))
    expect(keys[0]).toEqual(keys[1])
    expect(new Set(keys[0]?.map(([, key]) => key)).size).toBe(20)
    for (const [from, to] of [
      [older, newer],
      [newer, older],
    ] as const)
      expect(to.log.cursors.decode(from.log.cursors.encode(7))).toEqual({ seq: 7 })
  })

  it('pass on a lease, and fence whoever had it', async () => {
    const url = await emptyDatabase()
    const [older, newer] = [await opened(url), await opened(url, { later: next })]
    const lease = await older.leases.acquire('job', 'older', 60_000)
    expect(await newer.leases.acquire('job', 'newer', 60_000)).toBeNull()
    if (lease) await older.leases.release(lease)
    expect(await newer.leases.acquire('job', 'newer', 60_000)).toMatchObject({ name: 'job' })
  })

  it('go on while a newer one migrates, which several do at once and one after the other', async () => {
    const url = await emptyDatabase()
    const older = await opened(url)
    const ended = new AbortController()
    const appending = (async () => {
      for (let count = 0; ; count++) {
        if (ended.signal.aborted) return count
        expect(await older.log.append([anEvent()])).toEqual(stored)
        await older.log.readAfter(0, everything, 1)
      }
    })()
    await Promise.all(Array.from({ length: 5 }, () => opened(url, { later: next })))
    ended.abort()
    const count = await appending
    expect(await older.log.head()).toBe(count)
    const versions = await query(url, 'SELECT version FROM schema_version ORDER BY version')
    expect(versions.map(({ version }) => version)).toEqual(
      Array.from({ length: today + 1 }, (_, at) => at + 1),
    )
  })

  it('go on while a newer one waits for a table that somebody else holds', async () => {
    const url = await emptyDatabase()
    const older = await opened(url)
    const backup = await stranger(url)
    await backup.query('BEGIN; LOCK TABLE events IN ACCESS SHARE MODE')
    let isOpen = false
    const newer = opened(url, { later: next }).then(() => {
      isOpen = true
    })
    const waits = async () =>
      (await query(url, "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted")).length >
      0
    await until(waits)
    // It waits in vain, and this one waits behind it for less than its own patience.
    expect(await persistently(older.log, [anEvent()])).toEqual(stored)
    expect(isOpen).toBe(false)
    await backup.query('COMMIT')
    await newer
    expect(await older.log.append([anEvent()])).toEqual(stored)
  })
})
