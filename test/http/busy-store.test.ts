import { describe, expect, it, onTestFinished } from 'vitest'
import { query } from '../support/postgres.ts'
import { PostgresProcess } from '../support/postgres-process.ts'
import { until } from '../support/until.ts'
import { postAbout, startLoneGateway, type LoneGateway } from './support/lone-gateway.ts'
import { post } from './support/probe.ts'

const health = '{ apps { webhookHealth { lastReceivedAt } } }'

describe('a gateway whose connections for reads all hang', () => {
  it('says so of reads, is not ready, takes webhooks all the same, and goes on afterwards', async () => {
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
    const answers = await Promise.all([
      post(gateway.url, health),
      readiness(gateway),
      webhook(gateway, 2),
      webhook(gateway, 3),
    ])
    const refused = {
      errors: [{ extensions: { code: 'STORE_UNAVAILABLE', retryable: true, waitsFor: 'US' } }],
    }
    expect(answers).toMatchObject([refused, 503, 200, 200])
    wake(pid)
    await until(async () => (await readiness(gateway)) === 200)
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
