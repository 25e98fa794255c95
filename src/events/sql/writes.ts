import { randomUUID } from 'node:crypto'
import {
  writeStates,
  type Unpublished,
  type WriteId,
  type WriteRecord,
  type WriteState,
  type WriteStore,
} from '../writes.ts'
import { textOrNull } from './rows.ts'
import type { Sql, SqlRow } from './sql.ts'

const where = 'app_id = ? AND verb = ? AND key = ?'
/** A release without tokens told the attempts of a key by the time at which they began. */
const tokenOf = 'COALESCE(attempt, CAST(started_at AS TEXT))'
const whole = `${where} AND ${tokenOf} = ?`
const isOpen = "state IN ('pending', 'unknown')"

export class SqlWrites implements WriteStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async begin(
    id: WriteId,
    input: string,
    { object = null, holder = null }: Parameters<WriteStore['begin']>[2] = {},
  ): ReturnType<WriteStore['begin']> {
    const token = randomUUID()
    for (let isAfterOther = false; ; isAfterOther = true) {
      const [begun] = await this.#sql.write(
        `INSERT INTO writes (app_id, verb, key, input, state, attempt, object, holder, started_at)
         VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ${this.#sql.now}) ON CONFLICT DO NOTHING RETURNING started_at`,
        ...valuesOf(id),
        input,
        token,
        object,
        holder,
      )
      if (begun) return { begun: { token, startedAt: Number(begun['started_at']) }, isAfterOther }
      const known = (await this.get(id)) ?? (object === null ? null : await this.#pendingOn(id.verb, object))
      // The record was deleted in between, so the key is free: try again.
      if (known) return { known }
    }
  }

  async markSending(id: WriteId, token: string, outcome: string, withinMs: number): Promise<boolean> {
    const marked = await this.#sql.write(
      `UPDATE writes SET outcome = ?
       WHERE ${whole} AND state = 'pending' AND started_at >= ${this.#sql.now} - ? RETURNING key`,
      outcome,
      ...valuesOf(id),
      token,
      withinMs,
    )
    return marked.length === 1
  }

  async settle(
    id: WriteId,
    token: string,
    state: WriteState,
    outcome: string | null,
    unpublished: string | null = null,
  ): Promise<boolean> {
    const over = state === 'done' ? whole : `${whole} AND ${isOpen}`
    return this.#end(over, id, token, [state, outcome, unpublished])
  }

  reopen(id: WriteId, token: string, outcome: string, unpublished: string): Promise<boolean> {
    return this.#end(whole, id, token, ['unknown', outcome, unpublished])
  }

  async #end(over: string, id: WriteId, token: string, end: readonly (string | null)[]): Promise<boolean> {
    const settled = await this.#sql.write(
      `UPDATE writes SET state = ?, outcome = ?, untold = ? WHERE ${over} RETURNING key`,
      ...end,
      ...valuesOf(id),
      token,
    )
    return settled.length === 1
  }

  async forget(id: WriteId, token: string): Promise<boolean> {
    const forgotten = `DELETE FROM writes WHERE ${whole} AND ${isOpen} RETURNING key`
    return (await this.#sql.write(forgotten, ...valuesOf(id), token)).length === 1
  }

  async leaveOpen(id: WriteId, token: string): Promise<void> {
    const open = `UPDATE writes SET state = 'unknown' WHERE ${whole} AND state = 'pending'`
    await this.#sql.write(open, ...valuesOf(id), token)
  }

  async forgetUnsent(id: WriteId, token: string): Promise<void> {
    await this.#sql.write(`DELETE FROM writes WHERE ${whole} AND outcome IS NULL`, ...valuesOf(id), token)
  }

  /** One statement: if the process ends, either nothing has changed or the events are on the record. */
  async leave(id: WriteId, token: string, unpublished: string): Promise<WriteId> {
    const left = { ...id, key: `gone ${token} ${id.key}` }
    await this.#sql.write(
      `UPDATE writes SET key = ?, state = 'gone', untold = ? WHERE ${whole}`,
      left.key,
      unpublished,
      ...valuesOf(id),
      token,
    )
    return left
  }

  async unpublished(olderThanMs: number, limit: number): Promise<readonly Unpublished[]> {
    const rows = await this.#sql.read(
      `SELECT app_id, verb, key, ${tokenOf} AS token, untold FROM writes
       WHERE untold IS NOT NULL AND started_at < ${this.#sql.now} - ? ORDER BY started_at LIMIT ?`,
      olderThanMs,
      limit,
    )
    return rows.map((row) => ({ id: idIn(row), token: String(row['token']), events: String(row['untold']) }))
  }

  async markPublished(id: WriteId, token: string): Promise<void> {
    const values = [...valuesOf(id), token]
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

  get(id: WriteId): Promise<WriteRecord | null> {
    return this.#find(where, valuesOf(id))
  }

  #pendingOn(verb: string, object: string): Promise<WriteRecord | null> {
    return this.#find(`verb = ? AND object = ? AND state = 'pending'`, [verb, object])
  }

  async #find(condition: string, values: readonly string[]): Promise<WriteRecord | null> {
    const age = `${this.#sql.now} - started_at`
    const [row] = await this.#sql.read(
      `SELECT app_id, verb, key, state, input, outcome, untold, holder, started_at, ${tokenOf} AS token,
         ${age} AS age
       FROM writes
       WHERE ${condition}`,
      ...values,
    )
    if (!row) return null
    const unpublished = textOrNull(row['untold'])
    return {
      id: idIn(row),
      state: writeStates.find((state) => state === row['state']) ?? 'newer',
      input: String(row['input']),
      outcome: textOrNull(row['outcome']),
      holder: textOrNull(row['holder']),
      token: String(row['token']),
      startedAt: Number(row['started_at']),
      ageMs: Number(row['age']),
      ...(unpublished !== null && { unpublished }),
    }
  }
}

function valuesOf({ appId, verb, key }: WriteId): readonly string[] {
  return [appId, verb, key]
}

const idIn = (row: SqlRow): WriteId => ({
  appId: String(row['app_id']),
  verb: String(row['verb']),
  key: String(row['key']),
})
