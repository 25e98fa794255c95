import type { HeaderBag } from './usage.ts'

/** Graph's name of a call. On no page of Meta's: its own libraries read the id from this header. */
export function readTraceId(headers: HeaderBag): string | null {
  const [text] = [headers['x-fb-trace-id'] ?? []].flat()
  return text !== undefined && /^[A-Za-z0-9_+/=-]{1,100}$/.test(text) ? text : null
}
