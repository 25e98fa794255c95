import { randomUUID } from 'node:crypto'
import type { Lease as StoreLease, Leases } from '../events/leases.ts'
import type { Guard } from './guard.ts'

const ttlMs = 30_000

/** A lease in the shared store: one instance looks, and one that was paused and lost it is refused when it appends. */
export function leaseGuard(leases: Leases, name = 'reconcile'): Guard {
  const holder = randomUUID()
  return {
    async withLease(work) {
      const lease = await leases.acquire(name, holder, ttlMs)
      if (!lease) return null
      const renewal = keepRenewed(leases, lease)
      try {
        return await work({
          append: async (events) => void (await leases.appendIfHeld(lease, events)),
          isHeld: renewal.isHeld,
        })
      } finally {
        renewal.stop()
        await leases.release(lease)
      }
    },
  }
}

function keepRenewed(leases: Leases, lease: StoreLease) {
  let held = true
  const renew = (): void => {
    leases.renew(lease, ttlMs).then(
      (renewed) => (held &&= renewed),
      () => {},
    )
  }
  const timer = setInterval(renew, ttlMs / 3).unref()
  return { isHeld: () => held, stop: () => clearInterval(timer) }
}
