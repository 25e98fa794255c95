import type { Onboarding } from '../log.ts'
import { textOrNull, where } from './rows.ts'
import type { Row, Sql } from './sql.ts'

export type OnboardingOf = { wabaId: string } | { ownerBusinessId: string }

const fields = 'seq, app_id, waba_id, owner_business_id, solution_id'

/** Events tell of the newest; of those that retention took away, what they told has been kept. */
export async function knownOnboarding(
  sql: Sql,
  of: OnboardingOf,
  appIds: readonly string[],
): Promise<Onboarding | null> {
  const [column, id] = 'wabaId' in of ? ['waba_id', of.wabaId] : ['owner_business_id', of.ownerBusinessId]
  const ours = where({ appIds })
  const from = (table: string): string =>
    `SELECT ${fields} FROM ${table} WHERE ${column} = ? AND waba_id IS NOT NULL
     AND owner_business_id IS NOT NULL AND ${ours.sql}`
  const [row] = await sql.read(
    `SELECT * FROM (${from('events')} UNION ALL ${from('onboardings')}) AS known
     ORDER BY CASE WHEN solution_id IS NULL THEN 1 ELSE 0 END, seq DESC LIMIT 1`,
    id,
    ...ours.values,
    id,
    ...ours.values,
  )
  return row ? toOnboarding(row) : null
}

/** What retention has kept of older events counts whatever kind they were: who was there then is not new now. */
export async function hadArrived(
  sql: Sql,
  ownerBusinessId: string,
  appIds: readonly string[],
  before: number,
): Promise<boolean> {
  const ours = where({ appIds })
  const arrived = where({ appIds, kinds: ['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_APP_INSTALLED'] })
  const rows = await sql.read(
    `SELECT 1 AS known FROM onboardings WHERE owner_business_id = ? AND seq < ? AND ${ours.sql}
     UNION ALL
     SELECT 1 AS known FROM events WHERE owner_business_id = ? AND seq < ? AND ${arrived.sql}
     LIMIT 1`,
    ownerBusinessId,
    before,
    ...ours.values,
    ownerBusinessId,
    before,
    ...arrived.values,
  )
  return rows.length > 0
}

function toOnboarding(row: Row): Onboarding {
  return {
    wabaId: String(row['waba_id']),
    ownerBusinessId: String(row['owner_business_id']),
    solutionId: textOrNull(row['solution_id']),
    appId: String(row['app_id']),
  }
}

/** Keeps, of events that are about to go, who owns which account: the newest of each app with and without a solution. */
export async function keepOnboardings(sql: Sql, upTo: number): Promise<void> {
  await sql.write(
    `INSERT INTO onboardings (${fields}, has_solution)
     SELECT ${fields}, has_solution FROM (
       SELECT ${fields}, CASE WHEN solution_id IS NULL THEN 0 ELSE 1 END AS has_solution,
         row_number() OVER (
           PARTITION BY app_id, waba_id, CASE WHEN solution_id IS NULL THEN 0 ELSE 1 END ORDER BY seq DESC
         ) AS place
       FROM events WHERE seq <= ? AND waba_id IS NOT NULL AND owner_business_id IS NOT NULL
     ) AS going WHERE place = 1
     ON CONFLICT (app_id, waba_id, has_solution) DO UPDATE SET
       seq = excluded.seq, owner_business_id = excluded.owner_business_id, solution_id = excluded.solution_id
     WHERE excluded.seq > onboardings.seq`,
    upTo,
  )
}
