import { DatabaseSync } from 'node:sqlite'
import { query } from '../../../support/postgres.ts'

/** Runs SQL on a store as somebody else would. */
export async function bySql(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  if (!url.startsWith('file:')) return query(url, sql)
  const database = new DatabaseSync(url.slice('file:'.length))
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
