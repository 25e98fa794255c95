import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'

/** Holds the write lock of a SQLite file. Arguments: the file, and for how many milliseconds. */
const [path = '', ms = '0'] = process.argv.slice(2)
const database = new DatabaseSync(path, { timeout: 2_000 })
database.exec('BEGIN IMMEDIATE')
await sleep(Number(ms))
database.exec('ROLLBACK')
database.close()
