import { InFlightReads } from './in-flight-reads.ts'
import { ReadCache, type CacheLimits } from './read-cache.ts'
import { UnsupportedFields } from './unsupported-fields.ts'

/** What all operations of the process share of what Graph has said. */
export class ReadMemory {
  readonly cache: ReadCache
  readonly refusals: UnsupportedFields
  readonly flights = new InFlightReads()

  constructor(limits?: CacheLimits) {
    this.cache = new ReadCache(limits)
    this.refusals = new UnsupportedFields(this.cache)
  }
}
