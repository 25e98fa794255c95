import { Flights } from './flights.ts'
import { ReadCache, type CacheLimits } from './read-cache.ts'
import { Refusals } from './refusals.ts'

/** What all operations of the process share of what Graph has said. */
export class ReadMemory {
  readonly cache: ReadCache
  readonly refusals: Refusals
  readonly flights = new Flights()

  constructor(limits?: CacheLimits) {
    this.cache = new ReadCache(limits)
    this.refusals = new Refusals(this.cache)
  }
}
