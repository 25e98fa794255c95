import type { DatabaseSync } from 'node:sqlite'
import { SqlWrites } from '../sql/writes.ts'
import { SqliteSql } from './sql.ts'

export class SqliteWrites extends SqlWrites {
  constructor(database: DatabaseSync) {
    super(new SqliteSql(database))
  }
}
