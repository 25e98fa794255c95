import type { Unpublished, WriteId, WriteRecord, WriteState, WriteStore } from '../writes.ts'
import { textOrNull } from './rows.ts'
import type { Sql } from './sql.ts'

const where = 'app_id = ? AND verb = ? AND key = ?'

export class SqlWrites implements WriteStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async begin(id: WriteId, input: string, startedAt: number): Promise<WriteRecord | null> {
    for (;;) {
      const begun = await this.#sql.write(
        `INSERT INTO writes (app_id, verb, key, input, state, started_at) VALUES (?, ?, ?, ?, 'pending', ?)
         ON CONFLICT DO NOTHING RETURNING key`,
        ...valuesOf(id),
        input,
        startedAt,
      )
      if (begun.length === 1) return null
      const known = await this.get(id)
      // The record was deleted in between, so the key is free: try again.
      if (known) return known
    }
  }

  async settle(
    id: WriteId,
    startedAt: number,
    state: WriteState,
    outcome: string | null,
    unpublished: string | null = null,
  ): Promise<boolean> {
    const settled = await this.#sql.write(
      `UPDATE writes SET state = ?, outcome = ?, untold = ? WHERE ${where} AND started_at = ? RETURNING key`,
      state,
      outcome,
      unpublished,
      ...valuesOf(id),
      startedAt,
    )
    return settled.length === 1
  }

  async forget(id: WriteId, startedAt: number): Promise<void> {
    await this.#sql.write(`DELETE FROM writes WHERE ${where} AND started_at = ?`, ...valuesOf(id), startedAt)
  }

  async forgetUnsent(id: WriteId, startedAt: number): Promise<void> {
    const unsent = `${where} AND started_at = ? AND outcome IS NULL`
    await this.#sql.write(`DELETE FROM writes WHERE ${unsent}`, ...valuesOf(id), startedAt)
  }

  /** One statement: if the process ends, either nothing has changed or the events are on the record. */
  async leave(id: WriteId, startedAt: number, unpublished: string): Promise<WriteId> {
    const left = { ...id, key: `gone ${startedAt} ${id.key}` }
    await this.#sql.write(
      `UPDATE writes SET key = ?, state = 'gone', untold = ? WHERE ${where} AND started_at = ?`,
      left.key,
      unpublished,
      ...valuesOf(id),
      startedAt,
    )
    return left
  }

  async unpublished(before: number, limit: number): Promise<readonly Unpublished[]> {
    const rows = await this.#sql.read(
      `SELECT app_id, verb, key, started_at, untold FROM writes WHERE untold IS NOT NULL AND started_at < ?
       ORDER BY started_at LIMIT ?`,
      before,
      limit,
    )
    return rows.map((row) => ({
      id: { appId: String(row['app_id']), verb: String(row['verb']), key: String(row['key']) },
      startedAt: Number(row['started_at']),
      events: String(row['untold']),
    }))
  }

  async markPublished(id: WriteId, startedAt: number): Promise<void> {
    const values = [...valuesOf(id), startedAt]
    const whole = `${where} AND started_at = ?`
    await this.#sql.write(`UPDATE writes SET untold = NULL WHERE ${whole}`, ...values)
    await this.#sql.write(`DELETE FROM writes WHERE ${whole} AND state = 'gone'`, ...values)
  }

  async deleteEndedBefore(time: number, limit: number): Promise<number> {
    const gone = await this.#sql.write(
      `DELETE FROM writes WHERE (app_id, verb, key) IN (
         SELECT app_id, verb, key FROM writes
         WHERE state IN ('done', 'refused', 'gone') AND untold IS NULL AND started_at < ? LIMIT ?
       ) RETURNING key`,
      time,
      limit,
    )
    return gone.length
  }

  async get(id: WriteId): Promise<WriteRecord | null> {
    const select = `SELECT state, input, outcome, started_at FROM writes WHERE ${where}`
    const [row] = await this.#sql.read(select, ...valuesOf(id))
    if (!row) return null
    return {
      state: row['state'] as WriteState,
      input: String(row['input']),
      outcome: textOrNull(row['outcome']),
      startedAt: Number(row['started_at']),
    }
  }
}

function valuesOf({ appId, verb, key }: WriteId): readonly string[] {
  return [appId, verb, key]
}
