import { writeSync } from 'node:fs'
import { openPostgresLog } from '../../../src/events/postgres/open.ts'
import { SqliteLog } from '../../../src/events/sqlite/log.ts'
import { openDatabase } from '../../../src/events/sqlite/open.ts'
import { anEvent } from './events.ts'

/**
 * A process of its own that appends and says so: a line with the dedupe key for each acknowledged event.
 * Arguments: the file or the address of a database, a prefix of the keys, how many senders at once, and how many appends each makes.
 */
const [path = '', prefix = '', senders = '1', appends = 'Infinity'] = process.argv.slice(2)
const log = path.startsWith('postgres:')
  ? await openPostgresLog(path, { pollMs: 1000, poolSize: 4, startPatienceMs: 0 })
  : new SqliteLog(openDatabase(path))
await Promise.all(Array.from({ length: Number(senders) }, (_, sender) => send(sender)))
await log.close()

async function send(sender: number): Promise<void> {
  for (let post = 0; post < Number(appends); post++) {
    const events = [0, 1].map((part) =>
      anEvent({ dedupeKey: `${prefix}-${sender}-${post}-${part}`, payload: '"….…"'.repeat(40) }),
    )
    await log.append(events)
    writeSync(1, events.map(({ dedupeKey }) => `${dedupeKey}\n`).join(''))
  }
}
