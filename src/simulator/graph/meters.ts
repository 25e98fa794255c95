import type { Clock } from '../clock.ts'

const hour = 3_600_000
const minute = 60_000

export interface Reading {
  /** Percentage of what the hour allows. */
  readonly percent: number
  readonly over: boolean
  /** Minutes until calls are let through again; 0 while they are. */
  readonly regainMinutes: number
}

/** Rolling hours, one per key, on the simulator's clock. */
export interface Meters {
  /** Counts one call and tells how full the hour is. */
  charge(key: string, limit: number): Reading
  reset(): void
}

interface Calls {
  times: number[]
  /** Where the living ones begin. */
  head: number
}

function forget(calls: Calls, until: number): void {
  while ((calls.times[calls.head] ?? Infinity) <= until) calls.head += 1
  if (calls.head > 1000 && calls.head * 2 > calls.times.length) {
    calls.times = calls.times.slice(calls.head)
    calls.head = 0
  }
}

/** A refused call counts as well: Meta's page "Rate limits" says that going on lengthens the block. */
function count(calls: Calls, now: number, limit: number): Reading {
  forget(calls, now - hour)
  calls.times.push(now)
  // Only the newest `limit` and one more decide anything
  if (calls.times.length - calls.head > limit + 1) calls.head += 1
  const used = calls.times.length - calls.head
  const over = used > limit
  const free = over ? (calls.times[calls.head + 1] ?? now) + hour - now : 0
  return { percent: Math.floor((100 * used) / limit), over, regainMinutes: Math.ceil(free / minute) }
}

export function createMeters(clock: Clock): Meters {
  const meters = new Map<string, Calls>()
  const charge = (key: string, limit: number): Reading => {
    const calls = meters.get(key) ?? { times: [], head: 0 }
    meters.set(key, calls)
    return count(calls, clock.now(), limit)
  }
  return { charge, reset: () => meters.clear() }
}
