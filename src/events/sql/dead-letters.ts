import type {
  DeadLetter,
  DeadLetterPage,
  DeadLetters,
  DeadLetterSummary,
  NewDeadLetter,
  Redrive,
} from '../dead-letters.ts'
import { textOrNull } from './rows.ts'
import type { Row, Sql } from './sql.ts'

const summary = 'id, app_id, received_at, reason, handled, length(raw) AS size'

export class SqlDeadLetters implements DeadLetters {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async add({ appId, receivedAt, reason, raw }: NewDeadLetter): Promise<number> {
    const [known] = await this.#sql.read(
      'SELECT id FROM dead_letters WHERE app_id = ? AND reason = ? AND raw = ?',
      appId,
      reason,
      raw,
    )
    if (known) return Number(known['id'])
    const [row] = await this.#sql.write(
      'INSERT INTO dead_letters (app_id, received_at, reason, handled, raw) VALUES (?, ?, ?, 0, ?) RETURNING id',
      appId,
      receivedAt,
      reason,
      raw,
    )
    return Number(row?.['id'])
  }

  async list({ limit, after = 0, appId }: DeadLetterPage): Promise<readonly DeadLetterSummary[]> {
    const [ours, values] = appId === undefined ? ['', []] : ['AND app_id = ?', [appId]]
    const rows = await this.#sql.read(
      `SELECT ${summary} FROM dead_letters WHERE id > ? ${ours} ORDER BY id LIMIT ?`,
      after,
      ...values,
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

  /** Its record is written first: one without its effect shows, an effect without its record would not. */
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

function toSummary(row: Row): DeadLetterSummary {
  return {
    id: Number(row['id']),
    appId: String(row['app_id']),
    receivedAt: Number(row['received_at']),
    reason: String(row['reason']),
    size: Number(row['size']),
    handled: Number(row['handled']) === 1,
  }
}

function toRedrive(row: Row): Redrive {
  return {
    at: Number(row['at']),
    handled: Number(row['handled']) === 1,
    detail: textOrNull(row['detail']),
  }
}
