export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** JSON.parse that keeps whole numbers too long for a double as text, since Graph ids are that long. */
export function parseJson(text: string): Json {
  return JSON.parse(text, (_key: string, value: unknown, ...rest: { source?: string }[]): unknown => {
    const source = rest[0]?.source
    const tooLong = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
    return tooLong ? source : value
  }) as Json
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
