import type { NewEvent } from './event.ts'
import type { Appended } from './log.ts'

/** The right of one holder to do a job that only one may do at a time. */
export interface Lease {
  readonly name: string
  /** Grows each time the lease passes to another holder. What an older holder wants to write is refused. */
  readonly token: number
}

/** The time that counts is the store's, the same for all instances. */
export interface Leases {
  /**
   * Null while another holder has the lease. `holder` names one process; when it acquires its own lease again, the token
   * grows.
   */
  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | null>
  /** False when the lease has expired or has passed to another holder. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>
  release(lease: Lease): Promise<void>
  /** Appends in a transaction that checks the lease. Rejects with LeaseLost when it is no longer held. */
  appendIfHeld(lease: Lease, events: readonly NewEvent[]): Promise<Appended>
}

/** The lease has expired or has passed to another holder, and nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor({ name }: Lease) {
    super(`The lease "${name}" is not held any more.`)
  }
}
