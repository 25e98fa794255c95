import type { GraphOutcome } from '../graph/outcome-of.ts'

export interface InFlightRead {
  readonly outcome: Promise<GraphOutcome>
  /** What had been evicted when it began. */
  readonly since: number
  /** When that began which it is a part of: its deadline counts from there. */
  readonly begun: number
}

/** Reads that are under way. The key holds the credential, so only who has the same may wait along. */
export class InFlightReads {
  readonly #flights = new Map<string, InFlightRead>()

  /**
   * One that began after everything that was evicted so far, and is over no later than a read of one's own would be:
   * what it brings is as good.
   */
  find(key: string, since: number, begun: number): InFlightRead | null {
    const flight = this.#flights.get(key)
    return flight && flight.since === since && flight.begun <= begun ? flight : null
  }

  add(key: string, flight: InFlightRead): void {
    this.#flights.set(key, flight)
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    flight.outcome.then(land, land)
  }
}
