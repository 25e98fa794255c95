import type {
  DeadLetter,
  DeadLetterPage,
  DeadLetters,
  DeadLetterSummary,
  NewDeadLetter,
  Redrive,
} from '../dead-letters.ts'
import { textOrNull } from './rows.ts'
import type { Sql, SqlRow, SqlValue } from './sql.ts'
import { createHash } from 'node:crypto'

const columns = 'digest, app_id, received_at, reason, handled, raw, size'
const summary = 'id, app_id, received_at, reason, handled, size'

export class SqlDeadLetters implements DeadLetters {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async add(letters: readonly NewDeadLetter[]): Promise<void> {
    if (letters.length > 0)
      await this.#sql.insert(`dead_letters (${columns})`, letters.map(toRow).sort(byDigest))
  }

  async list({ limit, after = 0, appIds, handled }: DeadLetterPage): Promise<readonly DeadLetterSummary[]> {
    if (appIds?.length === 0) return []
    const ofApps = appIds && `AND app_id IN (${appIds.map(() => '?').join(', ')})`
    const settled = handled === undefined ? '' : `AND handled = ${handled ? 1 : 0}`
    const rows = await this.#sql.read(
      `SELECT ${summary} FROM dead_letters WHERE id > ? ${ofApps ?? ''} ${settled} ORDER BY id LIMIT ?`,
      after,
      ...(appIds ?? []),
      limit,
    )
    return rows.map(toSummary)
  }

  async get(id: number): Promise<DeadLetter | null> {
    const [row] = await this.#sql.read(`SELECT ${summary}, raw FROM dead_letters WHERE id = ?`, id)
    if (!row) return null
    const redrives = await this.#sql.read(
      'SELECT at, handled, detail FROM redrives WHERE letter_id = ? ORDER BY id',
      id,
    )
    return {
      ...toSummary(row),
      raw: Buffer.from(row['raw'] as Uint8Array),
      redrives: redrives.map(toRedrive),
    }
  }

  async count(appId: string): Promise<number> {
    const [row] = await this.#sql.read(
      'SELECT count(*) AS count FROM dead_letters WHERE app_id = ? AND handled = 0',
      appId,
    )
    return Number(row?.['count'])
  }

  /**
   * The record of the try is written first: if the process ends between the two, the try shows and the letter stays open.
   */
  async recordRedrive(id: number, { at, handled, detail }: Redrive): Promise<void> {
    await this.#sql.write(
      'INSERT INTO redrives (letter_id, at, handled, detail) SELECT id, ?, ?, ? FROM dead_letters WHERE id = ?',
      at,
      handled ? 1 : 0,
      detail,
      id,
    )
    if (handled) await this.#sql.write('UPDATE dead_letters SET handled = 1 WHERE id = ?', id)
  }

  async deleteHandledBefore(time: number, limit: number): Promise<number> {
    const gone = await this.#sql.write(
      `DELETE FROM dead_letters WHERE id IN (
         SELECT id FROM dead_letters WHERE handled = 1 AND received_at < ? ORDER BY id LIMIT ?
       ) RETURNING id`,
      time,
      limit,
    )
    return gone.length
  }
}

function toRow({
  appId,
  receivedAt,
  reason,
  raw,
  size,
  fingerprint,
}: NewDeadLetter): readonly [string, ...SqlValue[]] {
  const digest = letterDigest(appId, reason, Buffer.from(fingerprint))
  return [digest, appId, receivedAt, reason, 0, raw, size]
}

/** Always in one order, so that two transactions with the same letters cannot wait for each other. */
const byDigest = ([a]: readonly [string, ...SqlValue[]], [b]: readonly [string, ...SqlValue[]]): number =>
  a < b ? -1 : 1

function toSummary(row: SqlRow): DeadLetterSummary {
  return {
    id: Number(row['id']),
    appId: String(row['app_id']),
    receivedAt: Number(row['received_at']),
    reason: String(row['reason']),
    size: Number(row['size']),
    handled: Number(row['handled']) === 1,
  }
}

function toRedrive(row: SqlRow): Redrive {
  return {
    at: Number(row['at']),
    handled: Number(row['handled']) === 1,
    detail: textOrNull(row['detail']),
  }
}

const separator = '\u001f'

/** Two dead letters with the same digest are one. */
export function letterDigest(appId: string, reason: string, raw: Uint8Array): string {
  const prefix = [appId, reason, ''].join(separator)
  return createHash('sha256').update(prefix).update(raw).digest('hex')
}
