import { arrivalKinds } from '../kinds.ts'
import type { KnownOnboarding } from '../log.ts'
import { textOrNull, where, type Where } from './rows.ts'
import type { SqlRow, Sql } from './sql.ts'

export type OnboardingOf = { wabaId: string } | { ownerBusinessId: string }

const onboardingColumns = 'seq, app_id, waba_id, owner_business_id, solution_id'

/**
 * A migration names the solution that the account is to go to. Until the migration is completed, the account belongs to
 * another solution or to none.
 */
const isThere =
  "field <> 'set_migration_intent' AND NOT (field = 'migration_intent' AND kind = 'CLIENT_WABA_UPDATED' " +
  "AND event <> 'MIGRATION_INTENT_COMPLETED')"

/** The newest onboarding in the events, or in the archive of the events that retention has deleted. */
export async function knownOnboarding(
  sql: Sql,
  of: OnboardingOf,
  appIds: readonly string[],
): Promise<KnownOnboarding | null> {
  const [column, id] = 'wabaId' in of ? ['waba_id', of.wabaId] : ['owner_business_id', of.ownerBusinessId]
  const ours = where({ appIds })
  const from = (table: string, condition = ''): string =>
    `SELECT ${onboardingColumns} FROM ${table} WHERE ${column} = ? AND waba_id IS NOT NULL
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

/** In the archive the kind of the event does not matter: an owner who was known then is not new. */
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
    // Always the same number of placeholders, so that the statement stays prepared.
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

/**
 * Archives who owns which account before retention deletes the events: the newest of each app and account, with and without
 * a solution.
 */
export async function archiveOnboardings(sql: Sql, upTo: number): Promise<void> {
  await sql.write(
    `INSERT INTO onboardings (${onboardingColumns}, has_solution)
     SELECT ${onboardingColumns}, has_solution FROM (
       SELECT ${onboardingColumns}, CASE WHEN solution_id IS NULL THEN 0 ELSE 1 END AS has_solution,
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
