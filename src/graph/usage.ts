import { isRecord } from './json.ts'

export interface UsageEntry {
  readonly source: 'app' | 'business'
  /** The object that the percentages are about; null for the app as a whole. */
  readonly key: string | null
  readonly type: string | null
  readonly callCount: number
  readonly totalTime: number
  readonly totalCpuTime: number
  readonly regainSeconds: number | null
}

export interface Usage {
  /** The highest percentage of any allowance; Graph throttles at 100. */
  readonly maxPercent: number
  readonly regainSeconds: number | null
  readonly entries: readonly UsageEntry[]
}

export type HeaderBag = Readonly<Record<string, string | readonly string[] | undefined>>

// docs/graph-api/overview/rate-limiting; the page uses the second and the third name for one header.
const SOURCES: Readonly<Record<string, UsageEntry['source']>> = {
  'x-app-usage': 'app',
  'x-business-use-case-usage': 'business',
  'x-business-use-case': 'business',
}

/** Reads the usage headers; what cannot be read counts as not sent. */
export function parseUsage(headers: HeaderBag): Usage {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    const source = SOURCES[name.toLowerCase()]
    return source === undefined ? [] : [value ?? []].flat().flatMap((text) => readHeader(source, text))
  })
  const percents = entries.flatMap((entry) => [entry.callCount, entry.totalTime, entry.totalCpuTime])
  const regains = entries.flatMap((entry) => entry.regainSeconds ?? [])
  return {
    maxPercent: Math.max(0, ...percents),
    regainSeconds: regains.length > 0 ? Math.max(...regains) : null,
    entries,
  }
}

function readHeader(source: UsageEntry['source'], text: string): UsageEntry[] {
  const value = parseRecord(source === 'business' ? numberRepeatedKeys(text) : text)
  if (value === null) return []
  if (source === 'app') return readEntry(source, null, value)
  return Object.entries(value).flatMap(([key, list]) =>
    (Array.isArray(list) ? list : []).flatMap((item) => readEntry(source, key.replace(/#.*/, ''), item)),
  )
}

// Meta's own sample repeats a key, and JSON.parse would keep only the last one.
function numberRepeatedKeys(text: string): string {
  let count = 0
  return text.replace(/"([0-9]+)"(\s{0,9}:\s{0,9}\[)/g, (_all, id, rest) => `"${id}#${count++}"${rest}`)
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

function readEntry(source: UsageEntry['source'], key: string | null, item: unknown): UsageEntry[] {
  if (!isRecord(item)) return []
  const minutes = amount(item['estimated_time_to_regain_access'])
  const type = item['type']
  const entry = {
    callCount: amount(item['call_count']),
    totalTime: amount(item['total_time']),
    totalCpuTime: amount(item['total_cputime']),
    // The header speaks in minutes.
    regainSeconds: minutes > 0 ? minutes * 60 : null,
  }
  return [{ source, key, type: typeof type === 'string' ? type.slice(0, 100) : null, ...entry }]
}

function amount(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : 0
}
