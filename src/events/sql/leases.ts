import type { NewEvent } from '../event.ts'
import type { Lease, Leases } from '../leases.ts'
import type { Appended } from '../log.ts'
import type { SqlLog } from './log.ts'
import type { Sql } from './sql.ts'

export class SqlLeases implements Leases {
  readonly #sql: Sql
  readonly #log: SqlLog

  constructor(sql: Sql, log: SqlLog) {
    this.#sql = sql
    this.#log = log
  }

  async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | null> {
    const { now } = this.#sql
    const [row] = await this.#sql.write(
      `INSERT INTO leases (name, holder, token, expires_at) VALUES (?, ?, 1, ${now} + ?)
       ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder, token = leases.token + 1, expires_at = excluded.expires_at
       WHERE leases.expires_at <= ${now} OR leases.holder = excluded.holder
       RETURNING token`,
      name,
      holder,
      ttlMs,
    )
    return row ? { name, token: Number(row['token']) } : null
  }

  async renew({ name, token }: Lease, ttlMs: number): Promise<boolean> {
    const { now } = this.#sql
    const renewed = await this.#sql.write(
      `UPDATE leases SET expires_at = ${now} + ? WHERE name = ? AND token = ? AND expires_at > ${now}
       RETURNING token`,
      ttlMs,
      name,
      token,
    )
    return renewed.length === 1
  }

  /** The row stays, so that its tokens go on growing. */
  async release({ name, token }: Lease): Promise<void> {
    await this.#sql.write('UPDATE leases SET expires_at = 0 WHERE name = ? AND token = ?', name, token)
  }

  appendIfHeld(lease: Lease, events: readonly NewEvent[]): Promise<Appended> {
    return this.#log.appendIfHeld(lease, events)
  }
}
