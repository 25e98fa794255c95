import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SqliteLog } from '../../../src/events/sqlite/log.ts'
import { openDatabase } from '../../../src/events/sqlite/open.ts'
import { anEvent } from '../support/events.ts'
import { folder } from '../support/fresh.ts'
import { readTrace } from '../support/trace.ts'

const appender = fileURLToPath(new URL('../support/appender.ts', import.meta.url))
const hasStrace = spawnSync('strace', ['-V']).status === 0
const isCi = process.env['CI'] !== undefined

describe('what makes an acknowledged append survive', () => {
  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
  ])('is set when the store is opened: %s = %s', (pragma, value) => {
    const database = openDatabase(`${folder()}/events.db`)
    expect(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})).toEqual([value])
    database.close()
  })

  it('does not let a locked file hold the event loop for more than 50 ms', () => {
    const database = openDatabase(`${folder()}/events.db`)
    const timeout = Number(database.prepare('PRAGMA busy_timeout').get()?.['timeout'])
    expect(timeout).toBeGreaterThan(0)
    expect(timeout).toBeLessThanOrEqual(50)
    database.close()
  })

  it('keeps the write-ahead log small, however much goes through it', async () => {
    const path = `${folder()}/events.db`
    const log = new SqliteLog(openDatabase(path))
    const payload = 'x'.repeat(4000)
    for (let post = 0; post < 20; post++)
      await log.append(Array.from({ length: 250 }, () => anEvent({ payload })))
    const [file, wal] = [statSync(path).size, statSync(`${path}-wal`).size]
    expect(file).toBeGreaterThan(15_000_000)
    expect(wal).toBeLessThan(file / 2)
    await log.close()
  })

  // Killing a process proves little, since the system still writes what it was given; the system calls prove it.
  it.skipIf(!hasStrace && !isCi)(
    'is a sync of the write-ahead log before each acknowledgement (skipped without strace)',
    () => {
      const at = folder()
      const calls = 'trace=fsync,fdatasync,pwrite64,write'
      const child = [process.execPath, appender, `${at}/events.db`, 'traced', '4', '25']
      const run = spawnSync('strace', ['-f', '-y', '-s', '64', '-e', calls, '-o', `${at}/trace`, ...child])
      expect({ status: run.status, stderr: String(run.stderr) }).toEqual({ status: 0, stderr: '' })
      const { acknowledgements, syncs, early } = readTrace(`${at}/trace`)
      expect(acknowledgements).toBe(100)
      expect(early).toEqual([])
      expect(syncs).toBeGreaterThanOrEqual(25)
    },
  )
})
