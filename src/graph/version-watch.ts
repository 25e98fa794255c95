import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { standingOfVersion, type VersionStanding } from './version-ends.ts'

const dayMs = 24 * 60 * 60_000

/** Says when the version of Graph that is asked comes to its end, and when another one answers in its place. */
export class VersionWatch {
  readonly #version: string
  readonly #clock: () => number
  readonly #logger: Logger
  readonly #answeredBy = new Set<string>()
  #told: string | null = null

  constructor(version: string, clock: () => number, logger: Logger) {
    this.#version = version
    this.#clock = clock
    this.#logger = logger
  }

  /** In milliseconds; null while Meta has set no end. */
  get endsAt(): number | null {
    return this.#standing().endsAt
  }

  /** Once a day until the signal ends. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.look()
      await sleep(dayMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  /** Warns before the end and after it, once a week. */
  look(): void {
    const standing = this.#standing()
    if (standing.state === 'served') return
    const week = Math.floor(this.#clock() / (7 * dayMs))
    const telling = `${standing.state} ${week}`
    if (telling === this.#told) return
    this.#told = telling
    this.#logger.warn({ version: this.#version, ...shown(standing) }, texts[standing.state])
  }

  /** Warns of each version that answers instead, once. */
  saw(answeredBy: string): void {
    if (this.#answeredBy.has(answeredBy)) return
    this.#answeredBy.add(answeredBy)
    this.#logger.warn({ version: this.#version, answeredBy }, texts.other)
  }

  #standing(): VersionStanding {
    return standingOfVersion(this.#version, this.#clock())
  }
}

const texts = {
  ending: 'this version of the Graph API ends soon: set GRAPH_API_VERSION to a newer one',
  ended: 'this version of the Graph API has ended: set GRAPH_API_VERSION to a newer one',
  other: 'Graph answers as another version than GRAPH_API_VERSION says',
}

function shown(standing: Exclude<VersionStanding, { state: 'served' }>) {
  const endsAt = new Date(standing.endsAt).toISOString().slice(0, 10)
  return standing.state === 'ending' ? { endsAt, daysLeft: standing.daysLeft } : { endsAt }
}
