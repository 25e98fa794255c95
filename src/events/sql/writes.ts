import type { WriteId, WriteRecord, WriteState, WriteStore } from '../writes.ts'
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
      const known = await this.#get(id)
      // It may have been forgotten just now: then nobody holds it, and this one has not begun it either.
      if (known) return known
    }
  }

  async settle(id: WriteId, startedAt: number, state: WriteState, outcome: string | null): Promise<boolean> {
    const settled = await this.#sql.write(
      `UPDATE writes SET state = ?, outcome = ? WHERE ${where} AND started_at = ? RETURNING key`,
      state,
      outcome,
      ...valuesOf(id),
      startedAt,
    )
    return settled.length === 1
  }

  async forget(id: WriteId, startedAt: number): Promise<void> {
    await this.#sql.write(`DELETE FROM writes WHERE ${where} AND started_at = ?`, ...valuesOf(id), startedAt)
  }

  async deleteEndedBefore(time: number, limit: number): Promise<number> {
    const gone = await this.#sql.write(
      `DELETE FROM writes WHERE (app_id, verb, key) IN (
         SELECT app_id, verb, key FROM writes WHERE state IN ('done', 'refused') AND started_at < ? LIMIT ?
       ) RETURNING key`,
      time,
      limit,
    )
    return gone.length
  }

  async #get(id: WriteId): Promise<WriteRecord | null> {
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
