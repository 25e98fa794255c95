import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withTail } from '../../src/events/tail.ts'
import { MemoryCheck } from '../../src/reads/memory-check.ts'
import { ReadCache } from '../../src/reads/read-cache.ts'
import { SqliteLog } from '../../src/events/sqlite/log.ts'
import { openDatabase } from '../../src/events/sqlite/open.ts'
import { until } from '../support/until.ts'

type Answer = PromiseWithResolvers<number>

/** A store that answers when it is told to. */
function asked(patienceMs?: number) {
  const [questions, counted]: [Answer[], boolean[]] = [[], []]
  const head = (): Promise<number> => {
    const question = Promise.withResolvers<number>()
    questions.push(question)
    return question.promise
  }
  const check = new MemoryCheck({ head }, (isChecked) => void counted.push(isChecked), patienceMs)
  return { check, questions, counted }
}

describe('memory is compared with the store before it answers', () => {
  it('in one read for all operations of the moment, and one more for all that begin while that is under way', async () => {
    const log = new SqliteLog(openDatabase(':memory:'))
    onTestFinished(() => log.close())
    let reads = 0
    const gate = Promise.withResolvers<void>()
    const counting = new Proxy(log, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (name !== 'readAllAfter') return typeof member === 'function' ? member.bind(target) : member
        return async (...given: Parameters<typeof log.readAllAfter>) => {
          reads += 1
          await gate.promise
          return log.readAllAfter(...given)
        }
      },
    })
    const check = new MemoryCheck(withTail(counting), () => {})
    const thousand = () => Array.from({ length: 1_000 }, () => check.isCurrent())
    const first = thousand()
    await until(() => reads === 1)
    const second = thousand()
    await turn()
    gate.resolve()
    expect(new Set(await Promise.all([...first, ...second]))).toEqual(new Set([true]))
    expect(reads).toBe(2)
  })

  it('and is not up to date when the store cannot be asked, until it can', async () => {
    const { check, questions, counted } = asked()
    const first = check.isCurrent()
    questions[0]?.reject(new Error('The store is away.'))
    expect(await first).toBe(false)
    // Nobody waits for a store that is away.
    expect(await check.isCurrent()).toBe(false)
    questions[1]?.resolve(1)
    await turn()
    const later = check.isCurrent()
    questions[2]?.resolve(1)
    expect(await later).toBe(true)
    expect(counted).toEqual([false, false, true])
  })

  it('and is not up to date when the store says nothing', async () => {
    const { check, questions } = asked(1)
    expect(await check.isCurrent()).toBe(false)
    expect(await check.isCurrent()).toBe(false)
    questions[0]?.resolve(1)
    await turn()
    const later = check.isCurrent()
    questions[2]?.resolve(1)
    expect(await later).toBe(true)
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
