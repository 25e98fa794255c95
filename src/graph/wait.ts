import type { GraphErrorKind } from './error.ts'
import { parseUsage, type HeaderBag } from './usage.ts'

/** The seconds that an answer asks to wait, from `Retry-After` and, when throttled, from the usage headers. */
export function readWait(kind: GraphErrorKind, headers: HeaderBag): number | undefined {
  const regain = kind === 'throttled' ? parseUsage(headers).regainSeconds : null
  const waits = [retryAfter(headers), regain].filter((wait) => wait !== null)
  return waits.length > 0 ? Math.max(...waits) : undefined
}

function retryAfter(headers: HeaderBag): number | null {
  const text = [headers['retry-after'] ?? []].flat()[0] ?? ''
  return /^[0-9]{1,6}$/.test(text) ? Number(text) : null
}
