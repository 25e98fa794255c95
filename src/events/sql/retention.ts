import { archiveOnboardings } from './onboarding.ts'
import type { Sql } from './sql.ts'

/**
 * Deletes at most `limit` events from the beginning of the log that were received before a time, and returns how many. It
 * stops at the first later one, so that a clock that was wrong for a while cannot cause a hole.
 *
 * The start of the log moves before the events are deleted, so a reader that asks for it after a read knows whether it has
 * missed any.
 */
export async function deleteOldest(sql: Sql, time: number, limit: number): Promise<number> {
  const last = await lastBefore(sql, time, limit)
  if (last === 0) return 0
  await archiveOnboardings(sql, last)
  await sql.write('UPDATE retention SET start = ? WHERE start < ?', last, last)
  const gone = await sql.write('DELETE FROM events WHERE seq <= ? RETURNING seq', last)
  await forgetMinutes(sql, Math.floor(time / 60_000))
  return gone.length
}

async function lastBefore(sql: Sql, time: number, limit: number): Promise<number> {
  const rows = await sql.read('SELECT seq, received_at FROM events ORDER BY seq LIMIT ?', limit)
  const late = rows.findIndex((row) => Number(row['received_at']) >= time)
  const old = late === -1 ? rows : rows.slice(0, late)
  return Number(old.at(-1)?.['seq'] ?? 0)
}

/** The newest minute of each app stays, because it says when the app last received a webhook. */
async function forgetMinutes(sql: Sql, minute: number): Promise<void> {
  await sql.write(
    `DELETE FROM intake WHERE minute < ? AND EXISTS (
       SELECT 1 FROM intake AS later WHERE later.app_id = intake.app_id AND later.minute > intake.minute
     )`,
    minute,
  )
}
