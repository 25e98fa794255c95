import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface Store extends Disposable {
  readonly path: string
  /** How many rows a table of the store holds. */
  count(table: 'events'): number
}

/** A path for a SQLite file of its own, gone with the end of the benchmark. */
export function createStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-bench-'))
  const path = join(folder, 'bench.db')
  return {
    path,
    count(table) {
      using database = new DatabaseSync(path, { readOnly: true })
      return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
