import { onTestFinished } from 'vitest'
import { PostgresProcess } from './postgres-process.ts'
import { query } from './postgres.ts'
import { wireTo } from './postgres-wire.ts'
import { until } from './until.ts'

/** Two servers that go with the test: the second follows the first, over a wire. */
export async function primaryAndStandby() {
  const settings = ['fsync=off', 'autovacuum=off']
  const primary = await PostgresProcess.start(...settings)
  onTestFinished(() => primary.stop())
  const between = await wireTo(primary.url)
  const standby = await PostgresProcess.follow(between.url, ...settings)
  onTestFinished(() => standby.stop())
  await until(async () => (await query(primary.url, 'SELECT 1 FROM pg_stat_replication')).length === 1)
  return { primary, standby, between }
}
