import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

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

/*
 * Until when Meta serves a version, as its page "Graph API changelog: versions" said on 2026-11-30. Meta sets the end when the
 * next version is out, about two years ahead; until then there is none. Changes outside of a version, such as the end of
 * `?ids=`, come to all at once.
 */
const ENDS: ReadonlyMap<string, string | null> = new Map([
  ['v27.0', null],
  ['v26.0', null],
  ['v25.0', '2028-07-29'],
  ['v24.0', '2028-02-18'],
  ['v23.0', '2027-10-08'],
  ['v22.0', '2027-05-20'],
  ['v21.0', '2027-01-21'],
  ['v20.0', '2026-09-24'],
])
/** All before v20.0 have ended, the last of them then. */
const OLDEST = 20
const LAST_BEFORE = Date.parse('2026-05-21')

const DAY_MS = 24 * 60 * 60_000
/** So long before the end it is said. */
const NOTICE_DAYS = 90

/** Where a version stands at one time. */
export type VersionStanding =
  /** `endsAt` in milliseconds; null as long as Meta has set no end, or of a version newer than the table. */
  | { readonly state: 'served'; readonly endsAt: number | null }
  | { readonly state: 'ending'; readonly endsAt: number; readonly daysLeft: number }
  | { readonly state: 'ended'; readonly endsAt: number }

export function standingOfVersion(version: string, now: number): VersionStanding {
  const end = ENDS.get(version)
  if (majorOf(version) < OLDEST) return { state: 'ended', endsAt: LAST_BEFORE }
  if (end === undefined || end === null) return { state: 'served', endsAt: null }
  const endsAt = Date.parse(end)
  if (now >= endsAt) return { state: 'ended', endsAt }
  const daysLeft = Math.ceil((endsAt - now) / DAY_MS)
  return daysLeft <= NOTICE_DAYS ? { state: 'ending', endsAt, daysLeft } : { state: 'served', endsAt }
}

const majorOf = (version: string): number => Number(/^v(\d{1,3})\./.exec(version)?.[1] ?? Infinity)
