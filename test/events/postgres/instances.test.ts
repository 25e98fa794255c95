import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase } from '../../support/postgres.ts'
import { anEvent, everything } from '../support/events.ts'
import { instance } from '../support/postgres.ts'
import { until } from '../../support/until.ts'

const appender = fileURLToPath(new URL('../support/appender.ts', import.meta.url))

describe('an instance beside others', () => {
  it('that is paused in a burst holds up nobody, and goes on afterwards', async () => {
    const url = await emptyDatabase()
    const log = await instance(url)
    const { child, acknowledged } = burst(url, 'paused')
    for (let round = 1; round <= 10; round++) {
      await until(() => acknowledged.length > round * 20)
      child.kill('SIGSTOP')
      expect(await log.append([anEvent()])).toEqual({ stored: 1, duplicates: 0 })
      child.kill('SIGCONT')
    }
    await killed(child)
  })

  it('that is killed in a burst has lost nothing that it acknowledged, and stored nothing by halves', async () => {
    const url = await emptyDatabase()
    const log = await instance(url)
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const run = burst(url, `round${round}`)
      await until(() => run.acknowledged.length > 50)
      await killed(run.child)
      acknowledged.push(...run.acknowledged)
    }
    const { events } = await log.readAfter(0, everything, 100_000)
    const keys = events.map(({ dedupeKey }) => dedupeKey)
    expect(
      acknowledged.filter((key) => !keys.includes(key)),
      'lost',
    ).toEqual([])
    expect(new Set(keys).size, 'twice').toBe(keys.length)
    const posts = Map.groupBy(keys, (key) => key.slice(0, -2))
    expect(
      [...posts.values()].filter((parts) => parts.length !== 2),
      'halves',
    ).toEqual([])
  })
})

/** A process of its own that appends from 16 senders at once. */
function burst(url: string, prefix: string): { child: ChildProcess; acknowledged: readonly string[] } {
  const child = spawn(process.execPath, [appender, url, prefix, '16'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const acknowledged: string[] = []
  // The last line may have been cut off.
  createInterface({ input: child.stdout }).on('line', (key) => /-[01]$/.test(key) && acknowledged.push(key))
  return { child, acknowledged }
}

async function killed(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
