import { describe, expect, it } from 'vitest'
import { leaseGuard } from '../../src/reconcile/lease-guard.ts'
import type { OwnTime } from '../../src/lib/clock.ts'
import { freshStore, storeKinds } from '../events/support/stores.ts'

/** A process that has been stopped for so long. */
function stopped() {
  const state = { now: 0 }
  const time: OwnTime = {
    measure: () => {
      const begun = state.now
      return () => state.now - begun
    },
    pause: async () => {},
  }
  return { time, stop: (ms: number) => void (state.now += ms) }
}

describe.each(storeKinds)('the holder of a lease in $name', (kind) => {
  it('knows by itself that it may have lost it, also when the store cannot be asked', async () => {
    const { leases } = await freshStore(kind)
    const { time, stop } = stopped()
    await leaseGuard(leases, 'job', time).withLease(async (lease) => {
      stop(29_999)
      expect(lease.isHeld()).toBe(true)
      stop(1)
      expect(lease.isHeld()).toBe(false)
    })
  })

  it('counts from before it asked, since the answer may have been long under way', async () => {
    const { leases } = await freshStore(kind)
    const { time, stop } = stopped()
    const acquire = async (...given: Parameters<typeof leases.acquire>) => {
      const lease = await leases.acquire(...given)
      stop(30_000)
      return lease
    }
    const late = { acquire, release: leases.release.bind(leases) } as typeof leases
    const held = await leaseGuard(late, 'job', time).withLease(async (lease) => lease.isHeld())
    expect(held).toBe(false)
  })
})
