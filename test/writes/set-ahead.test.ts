import { describe, expect, it } from 'vitest'
import { StoreClock } from '../../src/events/store-clock.ts'
import { ageOf } from '../../src/writes/record.ts'
import { freshStore, storeKinds } from '../events/support/stores.ts'

describe.each(storeKinds)('a write in $name', (kind) => {
  const id = { appId: '1', verb: 'make', key: 'k' }

  it('is not made old by another server that takes over with a clock that is ahead', async () => {
    const server = { aheadMs: 0 }
    const store = await freshStore(kind, { clock: () => Date.now() + server.aheadMs })
    const clock = new StoreClock(store.now, { warn: () => {} })
    await clock.measure()
    await store.writes.begin(id, '{}')
    server.aheadMs = 300_000
    for (const measure of [async () => {}, () => clock.measure()]) {
      await measure()
      const record = await store.writes.get(id)
      expect(record?.ageMs).toBeGreaterThanOrEqual(300_000)
      expect(record && ageOf(clock, record)).toBeLessThan(300_000)
    }
    server.aheadMs = -300_000
    const record = await store.writes.get(id)
    expect(record && ageOf(clock, record)).toBeLessThan(0)
  })
})
