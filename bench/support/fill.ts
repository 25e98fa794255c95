import { DatabaseSync } from 'node:sqlite'
import { openStore } from '../../src/events/store.ts'
import { madeUpApp } from './app.ts'
import { runSql } from './postgres.ts'

/*
 * A log that has run for long, made in one statement: the last hundred days at an even pace, customers who come up
 * again and again, keys that begin with the time as those of webhooks do. Indexes are built after the rows.
 */
const seconds = 100 * 86_400
const columns = `seq, app_id, kind, source, dedupe_key, occurred_at, received_at, field, event, solution_id, waba_id,
  owner_business_id, payload`

function rows(n: string, time: string, unique: string, events: number): string {
  const at = `(${time} - ${seconds} + ${n} * ${seconds} / ${events})`
  return `${n}, '${madeUpApp.appId}', 'CLIENT_WABA_ONBOARDED', 'WEBHOOK', '00' || ${at} || '-' || ${unique},
    ${at} * 1000, ${at} * 1000, 'account_update', 'PARTNER_ADDED',
    CAST(1715120619246000 + ${n} % 1000 AS text), CAST(980000000000000 + ${n} % 200000 AS text),
    CAST(2329417000000000 + ${n} % 200000 AS text),
    '{"event":"PARTNER_ADDED","waba_info":{"waba_id":"' || (980000000000000 + ${n} % 200000) || '"}}'`
}

export async function fillSqlite(path: string, events: number): Promise<void> {
  await (await openStore(`file:${path}`)).close()
  using database = new DatabaseSync(path)
  // Nobody else uses it, and it is made anew when the machine stops on the way.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000')
  const indexes = database
    .prepare(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'events' AND sql NOT NULL",
    )
    .all()
  for (const { name } of indexes) database.exec(`DROP INDEX ${String(name)}`)
  database.exec(`INSERT INTO events (${columns})
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${events})
    SELECT ${rows('n', 'unixepoch()', 'hex(randomblob(21))', events)} FROM numbers`)
  for (const { sql } of indexes) database.exec(String(sql))
}

export async function fillPostgres(url: string, events: number): Promise<void> {
  await (await openStore(url)).close()
  const { names, made } = await runSql(
    url,
    `SELECT string_agg(indexname, ', ') AS names, string_agg(indexdef, '; ') AS made
     FROM pg_indexes WHERE tablename = 'events' AND indexname LIKE 'events_by_%'`,
  )
  await runSql(url, `DROP INDEX ${String(names)}`)
  const unique = "replace(gen_random_uuid()::text, '-', '') || substr(md5(n::text), 1, 11)"
  await runSql(
    url,
    `INSERT INTO events (${columns})
     SELECT ${rows('n', 'extract(epoch FROM now())::bigint', unique, events)}
     FROM generate_series(1::bigint, ${events}) AS n`,
  )
  for (const index of String(made).split('; ')) await runSql(url, index)
  await runSql(url, 'VACUUM ANALYZE events')
}
