import type { Sealed } from '../../lib/seal.ts'
import type { DocumentStore, StoredDocument } from '../documents.ts'
import type { Sql } from './sql.ts'

export class SqlDocuments implements DocumentStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Looked at before and after: of two that come at once on two instances each sees the other, one of them at least. */
  async put({ id, sealed, size }: StoredDocument, lifetimeMs: number, room: number): Promise<number | null> {
    if ((await this.#bytes()) + size > room) return null
    const [row] = await this.#sql.write(
      `INSERT INTO documents (id, key_id, sealed, size, ends_at) VALUES (?, ?, ?, ?, ${this.#sql.now} + ?)
       RETURNING ends_at`,
      id,
      sealed.keyId,
      sealed.bytes,
      size,
      lifetimeMs,
    )
    if ((await this.#bytes()) <= room) return Number(row?.['ends_at'])
    await this.drop([id])
    return null
  }

  async get(id: string): Promise<Sealed | null> {
    const waits = `SELECT key_id, sealed FROM documents WHERE id = ? AND ends_at > ${this.#sql.now}`
    const [row] = await this.#sql.read(waits, id)
    return row ? { keyId: String(row['key_id']), bytes: row['sealed'] as Uint8Array } : null
  }

  async drop(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#sql.write('DELETE FROM documents WHERE id = ?', id)
  }

  async dropEnded(): Promise<void> {
    await this.#sql.write(`DELETE FROM documents WHERE ends_at <= ${this.#sql.now}`)
  }

  async #bytes(): Promise<number> {
    const waiting = `SELECT coalesce(sum(size), 0) AS bytes FROM documents WHERE ends_at > ${this.#sql.now}`
    const [row] = await this.#sql.read(waiting)
    return Number(row?.['bytes'])
  }
}
