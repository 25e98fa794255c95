import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteFaults } from '../faults/sqlite-faults.ts'
import type { Store } from './store.ts'

export function createSqlite(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-nemesis-'))
  const path = join(folder, 'gateway.db')
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  let isKept = false
  process.once('exit', () => isKept || remove())
  return {
    address: async () => `file:${path}`,
    faults: (gateways) => sqliteFaults(path, gateways),
    examine: async () => examine(path),
    async close(keep) {
      isKept = keep
      if (!keep) remove()
      return keep ? path : null
    },
  }
}

function examine(path: string): readonly string[] {
  using database = new DatabaseSync(path)
  const found = database.prepare('PRAGMA integrity_check').all()
  return found.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok')
}
