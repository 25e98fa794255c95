import { arrivalKinds } from '../kinds.ts'
import type { KnownOnboarding } from '../log.ts'
import { textOrNull, where, type Where } from './rows.ts'
import type { SqlRow, Sql } from './sql.ts'

export type OnboardingOf = { wabaId: string } | { ownerBusinessId: string }

const fields = 'seq, app_id, waba_id, owner_business_id, solution_id'

/**
 * A migration names where the account is to go. Only when it is completed is the account there; until then the solution
 * that it came through is another one, or none.
 */
const isThere =
  "field <> 'set_migration_intent' AND NOT (field = 'migration_intent' AND kind = 'CLIENT_WABA_UPDATED' " +
  "AND event <> 'MIGRATION_INTENT_COMPLETED')"

/** Events tell of the newest; of those that retention took away, what they told has been kept. */
export async function knownOnboarding(
  sql: Sql,
  of: OnboardingOf,
  appIds: readonly string[],
): Promise<KnownOnboarding | null> {
  const [column, id] = 'wabaId' in of ? ['waba_id', of.wabaId] : ['owner_business_id', of.ownerBusinessId]
  const ours = where({ appIds })
  const from = (table: string, condition = ''): string =>
    `SELECT ${fields} FROM ${table} WHERE ${column} = ? AND waba_id IS NOT NULL
     AND owner_business_id IS NOT NULL AND ${ours.sql}${condition}`
  const [row] = await sql.read(
    `SELECT * FROM (${from('events', ` AND ${isThere}`)} UNION ALL ${from('onboardings')}) AS known
     ORDER BY CASE WHEN solution_id IS NULL THEN 1 ELSE 0 END, seq DESC LIMIT 1`,
    id,
    ...ours.values,
    id,
    ...ours.values,
  )
  return row ? toOnboarding(row) : null
}

const ownersAtOnce = 500

/** What retention has kept of older events counts whatever kind they were: who was there then is not new now. */
export async function ownersKnownBefore(
  sql: Sql,
  ownerBusinessIds: readonly string[],
  appIds: readonly string[],
  before: number,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  const ours = where({ appIds })
  const arrived = where({ appIds, kinds: arrivalKinds })
  for (let at = 0; at < ownerBusinessIds.length; at += ownersAtOnce) {
    // Of one length, so that the text stays the same.
    const owners = Array.from({ length: ownersAtOnce }, (_, index) => ownerBusinessIds[at + index] ?? null)
    const from = (table: string, { sql: condition }: Where): string =>
      `SELECT owner_business_id FROM ${table} WHERE owner_business_id IN (${owners.map(() => '?').join(', ')})
       AND seq < ? AND ${condition}`
    const rows = await sql.read(
      `${from('onboardings', ours)} UNION ${from('events', arrived)}`,
      ...owners,
      before,
      ...ours.values,
      ...owners,
      before,
      ...arrived.values,
    )
    for (const row of rows) known.add(String(row['owner_business_id']))
  }
  return known
}

function toOnboarding(row: SqlRow): KnownOnboarding {
  return {
    wabaId: String(row['waba_id']),
    ownerBusinessId: String(row['owner_business_id']),
    solutionId: textOrNull(row['solution_id']),
    appId: String(row['app_id']),
  }
}

/** Keeps, of events that are about to go, who owns which account: the newest of each app with and without a solution. */
export async function archiveOnboardings(sql: Sql, upTo: number): Promise<void> {
  await sql.write(
    `INSERT INTO onboardings (${fields}, has_solution)
     SELECT ${fields}, has_solution FROM (
       SELECT ${fields}, CASE WHEN solution_id IS NULL THEN 0 ELSE 1 END AS has_solution,
         row_number() OVER (
           PARTITION BY app_id, waba_id, CASE WHEN solution_id IS NULL THEN 0 ELSE 1 END ORDER BY seq DESC
         ) AS place
       FROM events WHERE seq <= ? AND waba_id IS NOT NULL AND owner_business_id IS NOT NULL AND ${isThere}
     ) AS going WHERE place = 1
     ON CONFLICT (app_id, waba_id, has_solution) DO UPDATE SET
       seq = excluded.seq, owner_business_id = excluded.owner_business_id, solution_id = excluded.solution_id
     WHERE excluded.seq > onboardings.seq`,
    upTo,
  )
}
