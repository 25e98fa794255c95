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
