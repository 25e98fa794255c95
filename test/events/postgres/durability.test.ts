import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { query } from '../../support/postgres.ts'
import { PostgresProcess } from '../../support/postgres-process.ts'
import { folder } from '../support/fresh.ts'
import { readPostgresTrace } from '../support/trace.ts'

const appender = fileURLToPath(new URL('../support/appender.ts', import.meta.url))
const hasStrace = spawnSync('strace', ['-V']).status === 0
const isCi = process.env['CI'] !== undefined

describe('what makes an acknowledged append survive in PostgreSQL', () => {
  it.skipIf(!hasStrace && !isCi).each([
    ['as it is set up', ''],
    ['where its user is set not to wait', 'ALTER ROLE postgres SET synchronous_commit = off'],
  ])('is a sync of its log before each acknowledgement, %s (skipped without strace)', async (_, setting) => {
    const server = await PostgresProcess.start()
    onTestFinished(() => server.stop())
    if (setting !== '') await query(server.url, setting)
    const at = folder()
    const calls = 'trace=fsync,fdatasync,pwrite64,pwritev,pwritev2,sendto,write'
    const options = [
      '-I',
      '1',
      '-f',
      '-y',
      '-s',
      '64',
      '-e',
      calls,
      '-o',
      `${at}/trace`,
      '-p',
      await postmasterOf(server),
    ]
    const child = [process.execPath, appender, server.url, 'traced', '1', '50']
    const strace = spawn('strace', [...options, ...child])
    const ended = once(strace, 'exit')
    onTestFinished(() => void strace.kill('SIGINT'))
    // It goes on with the database when the appender has ended; `-I 1` lets it be told to stop.
    await acknowledged(strace, 50)
    strace.kill('SIGINT')
    await ended
    const { acknowledgements, syncs, early, earlyAnswers } = readPostgresTrace(`${at}/trace`)
    expect(acknowledgements).toBe(50)
    expect(early).toEqual([])
    expect(earlyAnswers).toEqual([])
    expect(syncs).toBeGreaterThanOrEqual(50)
  })
})

/** Resolves when the appender has said so of this many appends, each of two events. */
function acknowledged({ stdout, stderr }: ChildProcessWithoutNullStreams, appends: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let [lines, trouble] = [0, '']
    stdout.on('data', (chunk) => {
      lines += String(chunk).split('\n').length - 1
      if (lines === appends * 2) resolve()
    })
    stderr.on('data', (chunk) => (trouble += String(chunk)))
    stdout.on('end', () => reject(new Error(trouble)))
  })
}

/** The parent of all of its processes. */
async function postmasterOf({ url }: PostgresProcess): Promise<string> {
  const [row] = await query(url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
  const status = readFileSync(`/proc/${Number(row?.['pid'])}/status`, 'utf8')
  return /^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? ''
}
