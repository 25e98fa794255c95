import { randomUUID } from 'node:crypto'
import { ownTime, type OwnTime } from '../lib/clock.ts'
import type { Lease as StoreLease, Leases } from '../events/leases.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'

/** The right to compare and to append, for as long as it is held. */
export interface HeldLease {
  /** Stores the events only while the lease is held. A holder that was paused and has lost it is refused. */
  append(events: readonly NewEvent[]): Promise<void>
  /** False from the moment at which another holder is possible, as far as this process can know. */
  isHeld(): boolean
}

/** Lets one of the instances on a store do a job at a time. */
export interface LeaseGuard {
  /** Null when another instance does the job now. */
  withLease<T>(work: (lease: HeldLease) => Promise<T>): Promise<T | null>
}

/** For a gateway that has its store for itself. */
export function soleGuard(log: EventLog): LeaseGuard {
  const append = async (events: readonly NewEvent[]): Promise<void> => void (await log.append(events))
  return { withLease: (work) => work({ append, isHeld: () => true }) }
}

const ttlMs = 30_000

/** A lease in the shared store. An instance that was paused and has lost it is refused when it appends. */
export function leaseGuard(leases: Leases, name = 'reconcile', time: OwnTime = ownTime): LeaseGuard {
  const holder = randomUUID()
  return {
    async withLease(work) {
      const elapsedMs = time.measure()
      const lease = await leases.acquire(name, holder, ttlMs)
      if (!lease) return null
      const renewal = keepRenewed(leases, lease, time, elapsedMs)
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

/** `since`: measures from before the lease was asked for, and then from before it was renewed last. */
function keepRenewed(leases: Leases, lease: StoreLease, time: OwnTime, since: () => number) {
  let [held, elapsedMs] = [true, since]
  const renew = (): void => {
    const asked = time.measure()
    leases.renew(lease, ttlMs).then(
      (renewed) => {
        held &&= renewed
        if (renewed) elapsedMs = asked
      },
      () => {},
    )
  }
  const timer = setInterval(renew, ttlMs / 3).unref()
  return { isHeld: () => held && elapsedMs() < ttlMs, stop: () => clearInterval(timer) }
}
