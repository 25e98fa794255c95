import type { NewEvent } from './event.ts'
import type { Appended } from './log.ts'

/** The right of one holder to do a job that must be done by one. */
export interface Lease {
  readonly name: string
  /** Grows each time the lease passes on: what an older one wanted to write is refused. */
  readonly token: number
}

/** Time is the store's own, the same for all instances. */
export interface Leases {
  /** The lease, or null while another holder has it. `holder` names one process: given again, it gets a new token. */
  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | null>
  /** False when it has ended or passed on. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>
  release(lease: Lease): Promise<void>
  /** Appends in a transaction that holds the lease in place. Rejects with LeaseLost when it is not held any more. */
  appendIfHeld(lease: Lease, events: readonly NewEvent[]): Promise<Appended>
}

/** The lease has ended or passed on to another holder, and nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor({ name }: Lease) {
    super(`The lease "${name}" is not held any more.`)
  }
}
