import { describe, expect, it } from 'vitest'
import { EvictionClock, ReadCache } from '../../src/reads/read-cache.ts'

const key = (id: string, viewer = 'app') => ({ viewer, type: 'Solution', id })
const limits = (entries: number, bytes = 1e9) => ({
  objects: { entries, bytes },
  pages: { entries, bytes },
})

function cacheAt(limit = limits(100)) {
  const time = { now: 0 }
  return { time, cache: new ReadCache(limit, () => time.now) }
}

describe('what is remembered of an object', () => {
  it('lives as long as each field may be believed', () => {
    const { time, cache } = cacheAt()
    cache.keep(key('1'), ['id', 'name', 'status'], { id: '1', name: 'A', status: 'ACTIVE' }, cache.since)
    expect(cache.object(key('1'), ['name', 'status'])).toEqual({
      known: { name: 'A', status: 'ACTIVE' },
      missing: [],
    })
    time.now = 60_000
    expect(cache.object(key('1'), ['name', 'status'])).toEqual({ known: { name: 'A' }, missing: ['status'] })
    time.now = 3_600_000
    expect(cache.object(key('1'), ['name', 'status']).missing).toEqual(['name', 'status'])
  })

  it('lives in an expansion as long as the most short-lived field below it', () => {
    const { time, cache } = cacheAt()
    const asked = [{ name: 'partners', limit: 5, fields: ['id', 'status'] }]
    const page = { data: [], after: null }
    cache.keep(key('1'), asked, { id: '1', partners: page }, cache.since)
    expect(cache.object(key('1'), asked)).toEqual({ known: { partners: page }, missing: [] })
    time.now = 30_000
    expect(cache.object(key('1'), asked).missing).toEqual(asked)
    expect(cache.object(key('1'), [{ name: 'partners', limit: 5, fields: ['id'] }]).missing).toEqual([])
  })

  it('is put together from several answers, and of what was asked and not there it is known that it is absent', () => {
    const { cache } = cacheAt()
    cache.keep(key('1'), ['name'], { id: '1', name: 'A' }, cache.since)
    cache.keep(key('1'), ['status'], { id: '1' }, cache.since)
    expect(cache.object(key('1'), ['name', 'status'])).toEqual({ known: { name: 'A' }, missing: [] })
    expect(cache.object(key('1'), ['name', 'owner_app']).missing).toEqual(['owner_app'])
  })

  it('is there for nobody with another credential', () => {
    const { cache } = cacheAt()
    cache.keep(key('1', 'app/solution/customer'), ['name'], { id: '1', name: 'A' }, cache.since)
    expect(cache.object(key('1'), ['name']).missing).toEqual(['name'])
    expect(cache.object(key('1', 'app/solution/other'), ['name']).missing).toEqual(['name'])
  })

  it('is gone when it is evicted, for all viewers, and nothing else is', () => {
    const { cache } = cacheAt()
    for (const viewer of ['one', 'two']) {
      cache.keep(key('1', viewer), ['name'], { id: '1', name: 'A' }, cache.since)
      cache.keep(key('2', viewer), ['name'], { id: '2', name: 'B' }, cache.since)
    }
    cache.evict(['1'])
    expect(cache.object(key('1', 'one'), ['name']).missing).toEqual(['name'])
    expect(cache.object(key('1', 'two'), ['name']).missing).toEqual(['name'])
    expect(cache.object(key('2', 'one'), ['name']).missing).toEqual([])
  })

  it('is gone as well where it stands inside another object', () => {
    const { cache } = cacheAt()
    const asked = [{ name: 'solutions', limit: 5, fields: ['id', 'status'] }]
    const row = { id: '7', solutions: { data: [{ id: '1', status: 'ACTIVE' }], after: null } }
    const waba = { viewer: 'app', type: 'ClientWaba', id: '7' }
    cache.keep(waba, asked, row, cache.since)
    cache.evict(['1'])
    expect(cache.object(waba, asked).missing).toEqual(asked)
  })

  it('stays when an older answer comes late, of an object and of a list', () => {
    const { cache } = cacheAt()
    const before = cache.since
    cache.evict(['1'])
    const about = { lifetimeMs: 1_000, ids: ['1'], bytes: 10 }
    cache.keep(key('1'), ['name'], { id: '1', name: 'new' }, cache.since)
    cache.keepPage('list', 'new', { ...about, since: cache.since })
    cache.keep(key('1'), ['name'], { id: '1', name: 'old' }, before)
    cache.keepPage('list', 'old', { ...about, since: before })
    expect(cache.object(key('1'), ['name']).known).toEqual({ name: 'new' })
    expect(cache.page('list')).toBe('new')
  })

  it('is never an answer that was asked for before the eviction, however late it comes', () => {
    const { cache } = cacheAt()
    const before = cache.since
    cache.evict(['1'])
    cache.keep(key('1'), ['name'], { id: '1', name: 'old' }, before)
    cache.keep(key('2'), ['name'], { id: '2', name: 'B' }, before)
    expect(cache.object(key('1'), ['name']).missing).toEqual(['name'])
    expect(cache.object(key('2'), ['name']).missing).toEqual([])
    cache.keep(key('1'), ['name'], { id: '1', name: 'new' }, cache.since)
    expect(cache.object(key('1'), ['name']).known).toEqual({ name: 'new' })
  })

  it('is nothing after events that nobody can name', () => {
    const { cache } = cacheAt()
    const before = cache.since
    cache.keep(key('1'), ['name'], { id: '1', name: 'A' }, before)
    cache.evictAll()
    cache.keep(key('2'), ['name'], { id: '2', name: 'B' }, before)
    expect(cache.object(key('1'), ['name']).missing).toEqual(['name'])
    expect(cache.object(key('2'), ['name']).missing).toEqual(['name'])
  })
})

describe('what is remembered of a list', () => {
  it('ends with its time, with a row of it, and with what it depends on', () => {
    const { time, cache } = cacheAt()
    const page = { data: [{ id: '1' }, { id: '2' }], after: null }
    const about = { lifetimeMs: 60_000, ids: ['9/solutions', '1', '2'], bytes: 100 }
    const keep = () => cache.keepPage('list', page, { ...about, since: cache.since })
    keep()
    expect(cache.page('list')).toBe(page)
    cache.evict(['3'])
    expect(cache.page('list')).toBe(page)
    cache.evict(['2'])
    expect(cache.page('list')).toBeUndefined()
    keep()
    cache.evict(['9/solutions'])
    expect(cache.page('list')).toBeUndefined()
    keep()
    time.now = 60_000
    expect(cache.page('list')).toBeUndefined()
  })
})

describe('the memory', () => {
  it('keeps no more objects than it may, and those that were used last', () => {
    const { cache } = cacheAt(limits(3))
    for (const id of ['1', '2', '3']) cache.keep(key(id), ['name'], { id, name: id }, cache.since)
    cache.object(key('1'), ['name'])
    cache.keep(key('4'), ['name'], { id: '4', name: '4' }, cache.since)
    expect(cache.size.objects.entries).toBe(3)
    expect(cache.object(key('1'), ['name']).missing).toEqual([])
    expect(cache.object(key('2'), ['name']).missing).toEqual(['name'])
  })

  it('keeps no more bytes than it may', () => {
    const { cache } = cacheAt(limits(1_000, 20_000))
    for (let id = 0; id < 100; id++)
      cache.keep(key(String(id)), ['name'], { id: String(id), name: 'x'.repeat(1_000) }, cache.since)
    expect(cache.size.objects.bytes).toBeLessThanOrEqual(20_000)
    expect(cache.size.objects.entries).toBeGreaterThan(5)
  })

  it('forgets everything rather than show what was evicted, when too much was evicted to remember', () => {
    const { cache } = cacheAt()
    const before = cache.since
    cache.evict(Array.from({ length: 100_001 }, (_, index) => `${index}`))
    cache.keep(key('0'), ['name'], { id: '0', name: 'old' }, before)
    expect(cache.object(key('0'), ['name']).missing).toEqual(['name'])
  })
})

describe('the clock of evictions', () => {
  it('believes what was asked after an eviction, and not what was asked before', () => {
    const clock = new EvictionClock()
    const before = clock.now
    clock.evict(['1'])
    expect(clock.isCurrent(before, ['1'])).toBe(false)
    expect(clock.isCurrent(before, ['2'])).toBe(true)
    expect(clock.isCurrent(clock.now, ['1'])).toBe(true)
  })

  it('believes nothing older than the evictions that it has forgotten', () => {
    const clock = new EvictionClock(4)
    const before = clock.now
    for (const id of ['1', '2', '3', '4', '5', '6']) clock.evict([id])
    expect(clock.isCurrent(before, ['1'])).toBe(false)
    expect(clock.isCurrent(before, ['of which nothing was ever said'])).toBe(false)
  })

  it('still believes what is newer than those, when it forgets them', () => {
    const clock = new EvictionClock(4)
    for (const id of ['1', '2']) clock.evict([id])
    const between = clock.now
    for (const id of ['3', '4']) clock.evict([id])
    expect(clock.isCurrent(between, ['1'])).toBe(true)
    expect(clock.isCurrent(between, ['3'])).toBe(false)
    const after = clock.now
    clock.evict(['5'])
    expect(clock.isCurrent(after, ['3', '4'])).toBe(true)
    expect(clock.isCurrent(after, ['5'])).toBe(false)
  })

  it('believes nothing from before everything was evicted', () => {
    const clock = new EvictionClock()
    const before = clock.now
    clock.evictAll()
    clock.evict(['1'])
    expect(clock.isCurrent(before, ['2'])).toBe(false)
  })
})
