import type { Fault } from '../faults/fault.ts'
import type { Gateway } from '../gateway/gateway.ts'

/** The store of a run. */
export interface Store {
  /** DATABASE_URL for one more instance. */
  address(): Promise<string>
  faults(gateways: readonly Gateway[]): readonly Fault[]
  /** What is wrong with it, asked when no gateway runs; nothing when the list is empty. */
  examine(): Promise<readonly string[]>
  /** Where to look at it afterwards, when it is kept. */
  close(keep: boolean): Promise<string | null>
}
