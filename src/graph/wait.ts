import type { HeaderBag } from './usage.ts'

/** The seconds that an answer asks to wait; whose waits the usage headers name, only the call can tell. */
export function retryAfter(headers: HeaderBag): number | undefined {
  const text = [headers['retry-after'] ?? []].flat()[0] ?? ''
  return /^[0-9]{1,6}$/.test(text) ? Number(text) : undefined
}
