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
    const begun = await this.#sql.write(
      `INSERT INTO writes (app_id, verb, key, input, state, started_at) VALUES (?, ?, ?, ?, 'pending', ?)
       ON CONFLICT DO NOTHING RETURNING key`,
      ...valuesOf(id),
      input,
      startedAt,
    )
    return begun.length === 1 ? null : this.#get(id)
  }

  async settle(id: WriteId, state: WriteState, outcome: string | null): Promise<void> {
    await this.#sql.write(
      `UPDATE writes SET state = ?, outcome = ? WHERE ${where}`,
      state,
      outcome,
      ...valuesOf(id),
    )
  }

  async forget(id: WriteId): Promise<void> {
    await this.#sql.write(`DELETE FROM writes WHERE ${where}`, ...valuesOf(id))
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
