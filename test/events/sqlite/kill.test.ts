import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SqliteLog } from '../../../src/events/sqlite/log.ts'
import { openDatabase } from '../../../src/events/sqlite/open.ts'
import { everything } from '../support/events.ts'
import { folder } from '../support/fresh.ts'

const appender = fileURLToPath(new URL('../support/appender.ts', import.meta.url))
const rounds = 10

describe('a store whose process is killed in a burst', () => {
  it('has every acknowledged event once, and nothing else', async () => {
    const path = `${folder()}/events.db`
    const acknowledged = new Set<string>()
    for (let round = 0; round < rounds; round++) {
      for (const key of await killed(path, `round${round}`, 1 + Math.floor(Math.random() * 400)))
        acknowledged.add(key)
      const keys = await stored(path)
      expect(missing(acknowledged, keys), 'lost').toEqual([])
      expect(new Set(keys).size, 'twice').toBe(keys.length)
      expect(
        keys.filter((key) => !/^round\d+-\d+-\d+-[01]$/.test(key)),
        'strangers',
      ).toEqual([])
      expect(halves(keys), 'posts of which one event is missing').toEqual([])
    }
    expect(acknowledged.size).toBeGreaterThan(rounds)
  })
})

/** The keys that a process had acknowledged when it was killed, soon after so many of them. */
async function killed(path: string, prefix: string, after: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [appender, path, prefix, '16'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const keys: string[] = []
  for await (const key of createInterface({ input: child.stdout })) {
    keys.push(key)
    if (keys.length === after) child.kill('SIGKILL')
  }
  expect(await exit).toEqual([null, 'SIGKILL'])
  // The last line may have been cut off.
  return keys.filter((key) => /-[01]$/.test(key))
}

async function stored(path: string): Promise<readonly string[]> {
  const database = openDatabase(path)
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  const log = new SqliteLog(database)
  const { events } = await log.readAfter(0, everything, 1_000_000)
  await log.close()
  return events.map((event) => event.dedupeKey)
}

function missing(acknowledged: ReadonlySet<string>, keys: readonly string[]): readonly string[] {
  const known = new Set(keys)
  return [...acknowledged].filter((key) => !known.has(key))
}

function halves(keys: readonly string[]): readonly string[] {
  const posts = Map.groupBy(keys, (key) => key.slice(0, -2))
  return [...posts].filter(([, parts]) => parts.length !== 2).map(([post]) => post)
}
