import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withTail } from '../../src/events/tail.ts'
import { MemoryCheck } from '../../src/reads/memory-check.ts'
import { ReadCache } from '../../src/reads/read-cache.ts'
import { SqliteLog } from '../../src/events/sqlite/log.ts'
import { openDatabase } from '../../src/events/sqlite/open.ts'
import { until } from '../support/until.ts'

const never = new Promise<void>(() => {})

/** A store that answers, fails or is silent as it is told to. */
function storeThat(does: 'answers' | 'fails' | 'is silent', patienceMs?: number) {
  const store = { does, counted: [] as boolean[] }
  const caughtUp = async (): Promise<void> => {
    await turn()
    if (store.does === 'fails') throw new Error('The store is away.')
    if (store.does === 'is silent') await never
  }
  const check = new MemoryCheck({ caughtUp }, (isChecked) => void store.counted.push(isChecked), patienceMs)
  return { store, check }
}

describe('memory is compared with the store before it answers', () => {
  it('in one read for all operations of the moment, two reads at once at most, and no read that has begun', async () => {
    const log = new SqliteLog(openDatabase(':memory:'))
    onTestFinished(() => log.close())
    const reads: PromiseWithResolvers<void>[] = []
    const counting = new Proxy(log, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (name !== 'head') return typeof member === 'function' ? member.bind(target) : member
        return async () => {
          const read = Promise.withResolvers<void>()
          reads.push(read)
          await read.promise
          return log.head()
        }
      },
    })
    const check = new MemoryCheck(withTail(counting), () => {})
    const hundred = () => Promise.all(Array.from({ length: 100 }, () => check.isCurrent()))
    const [first, second] = [hundred(), turn().then(turn).then(hundred)]
    await until(() => reads.length === 2)
    const [third, fourth] = [hundred(), turn().then(turn).then(hundred)]
    for (let passed = 0; passed < 10; passed++) await turn()
    expect(reads).toHaveLength(2)
    const answering = setInterval(() => {
      for (const read of reads) read.resolve()
    }, 1)
    const all = await Promise.all([first, second, third, fourth])
    clearInterval(answering)
    expect(new Set(all.flat())).toEqual(new Set([true]))
    // One for each of the first two, one for the rest; and where the log begins is read once.
    expect(reads.length).toBeLessThanOrEqual(5)
  })

  it.each([
    ['cannot be asked', 'fails', undefined],
    ['says nothing', 'is silent', 1],
  ] as const)('and is not up to date when the store %s, until it answers', async (_, does, patienceMs) => {
    const { store, check } = storeThat(does, patienceMs)
    expect(await check.isCurrent()).toBe(false)
    expect(await check.isCurrent()).toBe(false)
    store.does = 'answers'
    await until(() => check.isCurrent())
    expect(store.counted.slice(0, 2)).toEqual([false, false])
    expect(store.counted.at(-1)).toBe(true)
  })

  it('and waits for no store that is known to be away', async () => {
    const { store, check } = storeThat('fails')
    await check.isCurrent()
    store.does = 'is silent'
    expect(await check.isCurrent()).toBe(false)
  })
})

describe('memory that could not be compared', () => {
  it('answers with nothing that is older than it may be, and forgets it no sooner', () => {
    let now = 0
    const cache = new ReadCache(undefined, () => now)
    const key = { viewer: 'a', type: 'Solution', id: '1' }
    cache.keep(key, ['id', 'name'], { id: '1', name: 'Together' }, cache.since)
    cache.keepPage('list', ['1'], { lifetimeMs: 60_000, ids: ['1'], bytes: 1, since: cache.since })
    const known = (maxAgeMs?: number) => [
      cache.object(key, ['name'], maxAgeMs).known['name'],
      cache.page('list', maxAgeMs),
    ]
    now = 4_999
    expect(known(5_000)).toEqual(['Together', ['1']])
    now = 5_000
    expect(known(5_000)).toEqual([undefined, undefined])
    expect(known()).toEqual(['Together', ['1']])
  })
})
