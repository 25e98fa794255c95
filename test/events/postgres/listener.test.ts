import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { NotificationListener } from '../../../src/events/postgres/listener.ts'
import { emptyDatabase, query } from '../../support/postgres.ts'
import { anEvent } from '../support/events.ts'
import { followed, instance } from '../support/postgres.ts'
import { until } from '../../support/until.ts'

const never = 1_000_000_000
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('an instance', () => {
  it('hears of what another appends without looking for it', async () => {
    const url = await emptyDatabase()
    const [one, other] = [await instance(url, { pollMs: never }), await instance(url, { pollMs: never })]
    await until(async () => (await listeners(url, one.id)) === 2)
    const events = followed(one, 20)
    for (let post = 0; post < 20; post++) await other.append([anEvent()])
    expect((await events).map(({ seq }) => seq)).toEqual(upTo(20))
  })

  it('finds by itself what it was not told of', async () => {
    const url = await emptyDatabase()
    const log = await instance(url, { pollMs: 20 })
    const events = followed(log, 2)
    await log.append([anEvent()])
    await query(
      url,
      `INSERT INTO events SELECT seq + 1, app_id, kind, source, 'quiet', occurred_at, received_at, field, event,
       solution_id, waba_id, owner_business_id, reported_status, payload FROM events`,
    )
    expect((await events).map(({ dedupeKey }) => dedupeKey)[1]).toBe('quiet')
  })

  it('misses nothing of a burst in which its listening connection is ended again and again', async () => {
    const url = await emptyDatabase()
    const [one, other] = [await instance(url, { pollMs: never }), await instance(url)]
    const count = 300
    const events = followed(one, count)
    let ended = 0
    const burst = async (): Promise<void> => {
      for (let post = 0; post < count; post++) {
        await other.append([anEvent()])
        if (post % 10 === 0) await sleep(1)
      }
    }
    const nemesis = async (): Promise<void> => {
      while (ended < 5) ended += await endListeners(url, one.id)
    }
    await Promise.all([burst(), nemesis()])
    expect((await events).map(({ seq }) => seq)).toEqual(upTo(count))
  })

  it('listens again after its connection was ended', async () => {
    const url = await emptyDatabase()
    const log = await instance(url, { pollMs: never })
    await until(async () => (await endListeners(url, log.id)) === 1)
    await until(async () => (await listeners(url, log.id)) === 1)
    const other = await instance(url, { pollMs: never })
    const events = followed(log, 1)
    await other.append([anEvent()])
    expect(await events).toHaveLength(1)
  })

  it('leaves no connection behind when it is closed', async () => {
    const url = await emptyDatabase()
    const log = await instance(url)
    await until(async () => (await listeners(url, log.id)) === 1)
    await log.close()
    await until(async () => (await listeners(url, log.id)) === 0)
    expect(await listeners(url, log.id)).toBe(0)
  })

  it('comes back to a server that accepts and hangs up less and less often', async () => {
    const tries: number[] = []
    const server = createServer((socket) => {
      tries.push(performance.now())
      socket.destroy()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const heard = { readHead: () => Promise.reject(new Error('none')), grown: () => {}, found: () => {} }
    const listener = new NotificationListener(
      { url: `postgres://127.0.0.1:${port}/none`, logId: 'any', pollMs: never },
      heard,
    )
    await until(() => tries.length === 6)
    await listener.close()
    server.close()
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
    // At least half of 50 ms, doubled each time, less what timers may be early.
    waits.forEach((ms, index) => expect(ms).toBeGreaterThan(0.8 * 25 * 2 ** index))
  })
})

const ofLog = (logId: string): string =>
  `FROM pg_stat_activity WHERE application_name = 'mps_gateway_${logId}'`

async function listeners(url: string, logId: string): Promise<number> {
  return (await query(url, `SELECT pid ${ofLog(logId)} AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')`))
    .length
}

async function endListeners(url: string, logId: string): Promise<number> {
  return (await query(url, `SELECT pg_terminate_backend(pid) ${ofLog(logId)}`)).length
}
