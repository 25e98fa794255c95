import { parseLossless } from '../lib/json.ts'

/** Parses what Graph sends: ids keep every digit, also as bare numbers. A byte order mark is passed over. */
export function parseGraphJson(text: string): unknown {
  return parseLossless(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
