/** A member of JSON, or of what is within it; undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined
    found = Object.hasOwn(found, key) ? (found as Readonly<Record<string, unknown>>)[key] : undefined
  }
  return found
}

/** Text, also of a number: Meta prints ids and limits either way. Null where there is nothing. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path)
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
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** A number's digits, without what makes them readable. */
export function digitsAt(value: unknown, ...path: readonly string[]): string | null {
  const digits = textAt(value, ...path)?.replace(/\D/g, '')
  return digits ? digits : null
}
