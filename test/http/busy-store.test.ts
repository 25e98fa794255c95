import { Client } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase, query } from '../support/postgres.ts'
import { PostgresProcess } from '../support/postgres-process.ts'
import { until } from '../support/until.ts'
import { postAbout, startLoneGateway, type LoneGateway } from './support/lone-gateway.ts'
import { post } from './support/probe.ts'

const health = '{ apps { webhookHealth { lastReceivedAt } } }'

describe('a gateway whose connection for reads hangs', () => {
  it('is not ready, takes webhooks all the same, and goes on afterwards', async () => {
    const server = await PostgresProcess.start('fsync=off')
    onTestFinished(() => server.stop())
    await using gateway = await startLoneGateway({ DATABASE_URL: server.url, DATABASE_POOL_SIZE: '3' })
    expect(await webhook(gateway, 1)).toBe(200)
    const readers = await query(
      server.url,
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'mps-gateway' AND query NOT LIKE '%append_events%'`,
    )
    expect(readers).toHaveLength(1)
    const pid = Number(readers[0]?.['pid'])
    process.kill(pid, 'SIGSTOP')
    onTestFinished(() => wake(pid))
    const answers = [readiness(gateway), webhook(gateway, 2), webhook(gateway, 3)]
    expect(await Promise.all(answers)).toEqual([503, 200, 200])
    wake(pid)
    await until(async () => (await readiness(gateway)) === 200)
  })

  it('says of a read that waits for a lock in vain that it may be repeated', async () => {
    const url = await emptyDatabase()
    await using gateway = await startLoneGateway({ DATABASE_URL: url })
    const other = new Client(url)
    await other.connect()
    onTestFinished(() => other.end())
    await other.query('BEGIN; LOCK TABLE dead_letters')
    const [refused, taken] = await Promise.all([post(gateway.url, health), webhook(gateway, 1)])
    const extensions = { code: 'STORE_UNAVAILABLE', retryable: true, waitsFor: 'US' }
    expect(refused.errors).toMatchObject([{ extensions }])
    expect(taken).toBe(200)
    await other.query('ROLLBACK')
    expect((await post(gateway.url, health)).errors).toEqual([])
  })
})

function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    // It was given up, and has ended by itself.
  }
}

async function readiness({ url }: LoneGateway): Promise<number> {
  return (await fetch(`${url}/health/ready`)).status
}

async function webhook({ url }: LoneGateway, account: number): Promise<number> {
  const { path, headers, body } = postAbout(account, 1)
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body })).status
}
