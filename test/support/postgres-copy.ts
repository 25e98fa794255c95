import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

/**
 * Copies a server that runs on this machine, so that the copy follows it when it is started.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function copyServer(url: string, data: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query("SELECT pg_backup_start('test', true)")
    const { rows } = await client.query<{ from: string }>("SELECT current_setting('data_directory') AS from")
    const from = String(rows[0]?.from)
    // What it wrote to its log it sends again.
    const left = new Set(['pg_wal', 'postmaster.pid', 'postmaster.opts'].map((name) => join(from, name)))
    cpSync(from, data, { recursive: true, filter: (path) => !left.has(path) })
    mkdirSync(join(data, 'pg_wal'))
    const stopped = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    writeFileSync(join(data, 'backup_label'), String(stopped.rows[0]?.labelfile))
    writeFileSync(join(data, 'standby.signal'), '')
  } finally {
    await client.end()
  }
}
