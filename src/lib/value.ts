/**
 * The member at a path of JSON; undefined where there is none. Only own members count: a key such as `constructor` never
 * finds what every object inherits.
 */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined
    found = Object.hasOwn(found, key) ? (found as Readonly<Record<string, unknown>>)[key] : undefined
  }
  return found
}

/** Text, also of a number: Meta prints ids and limits either way. Null where there is nothing. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = valueAt(value, ...path)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' && found !== '' ? found : null
}

export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const text = textAt(value, ...path)
  const number = text === null ? Number.NaN : Number(text)
  return Number.isSafeInteger(number) ? number : null
}

/** Milliseconds since 1970, of Unix seconds. */
export function timeAt(value: unknown, ...path: readonly string[]): number | null {
  const seconds = numberAt(value, ...path)
  return seconds === null ? null : seconds * 1000
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** A number's digits, without what makes them readable. */
export function digitsAt(value: unknown, ...path: readonly string[]): string | null {
  const digits = textAt(value, ...path)?.replace(/\D/g, '')
  return digits ? digits : null
}

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A name as Meta writes them: printable ASCII of a sane length, so that it fits any store, label and log. */
export function metaName(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/.test(value)
    ? value
    : null
}

/** A Graph id: 1 to 20 digits, sent as a string or as a number. */
export function graphId(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^[0-9]{1,20}$/.test(text) ? text : null
}
