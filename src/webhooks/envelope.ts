import { parseLossless } from '../json.ts'
import { maxDepth } from './canonical.ts'
import { isObject, member, nameOf } from './record.ts'
import type { JsonObject } from './record.ts'
import { itemSpans, memberSpan, valueSpan } from './spans.ts'
import type { Span } from './spans.ts'

/** One item of `entry` × `changes`. */
export interface Change {
  /** As sent: the id of an account or of a business portfolio, which depends on the event. */
  readonly entryId: string | null
  /** Unix seconds. */
  readonly entryTime: number | null
  readonly field: string
  readonly value: unknown
  /** Its text as it was sent. */
  readonly raw: string
}

/** A piece of the post that cannot be read as a change. Its neighbours can. */
export interface Malformed {
  readonly reason: MalformedReason
  readonly entryId: string | null
  readonly entryTime: number | null
  readonly raw: string
}

type MalformedReason =
  | 'body is not JSON'
  | 'body is not an object'
  | 'body has no entry list'
  | 'entry is not an object'
  | 'entry has no list of changes'
  | 'change is not an object'
  | 'change has no field name'
  | 'change has no value'
  | 'change is nested too deeply'
  | 'too many malformed pieces'

export interface Envelope {
  /** As sent, `whatsapp_business_account` or not; null where there is none. */
  readonly object: string | null
  readonly changes: readonly Change[]
  readonly malformed: readonly Malformed[]
}

// Meta batches up to 1,000 updates ("Create a webhook endpoint"); past that many bad pieces one note says it all.
const maxMalformed = 1000

/** Takes a post apart. Never throws: what cannot be read is listed with its reason, for itself. */
export function readEnvelope(rawText: string): Envelope {
  let body: unknown
  try {
    body = parseLossless(rawText)
  } catch {
    return rejected('body is not JSON', rawText)
  }
  if (!isObject(body)) return rejected('body is not an object', rawText)
  const entries = member(body, 'entry')
  const object = nameOf(member(body, 'object'))
  if (!Array.isArray(entries)) return { ...rejected('body has no entry list', rawText), object }
  const reader = new Reader(rawText)
  reader.readEntries(entries)
  return { object, changes: reader.changes, malformed: reader.malformed }
}

function rejected(reason: MalformedReason, raw: string): Envelope {
  return { object: null, changes: [], malformed: [{ reason, entryId: null, entryTime: null, raw }] }
}

interface Origin {
  readonly entryId: string | null
  readonly entryTime: number | null
}

const nowhere: Origin = { entryId: null, entryTime: null }

class Reader {
  readonly changes: Change[] = []
  readonly malformed: Malformed[] = []
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  readEntries(entries: readonly unknown[]): void {
    const list = memberSpan(this.#text, valueSpan(this.#text, 0).start, 'entry')
    const spans = list === undefined ? [] : itemSpans(this.#text, list.start)
    for (const [index, span] of spans.entries()) this.#readEntry(entries[index], span)
  }

  #readEntry(entry: unknown, span: Span): void {
    if (!isObject(entry)) return this.#refuse('entry is not an object', nowhere, span)
    const origin = originOf(entry)
    const changes = member(entry, 'changes')
    const list = memberSpan(this.#text, span.start, 'changes')
    if (!Array.isArray(changes) || list === undefined) {
      return this.#refuse('entry has no list of changes', origin, span)
    }
    for (const [index, item] of itemSpans(this.#text, list.start).entries()) {
      this.#readChange(changes[index], origin, item)
    }
  }

  #readChange(change: unknown, origin: Origin, span: Span): void {
    if (!isObject(change)) return this.#refuse('change is not an object', origin, span)
    const field = nameOf(member(change, 'field'))
    const value = member(change, 'value')
    if (span.depth > maxDepth) return this.#refuse('change is nested too deeply', origin, span)
    if (field === null) return this.#refuse('change has no field name', origin, span)
    if (value === undefined) return this.#refuse('change has no value', origin, span)
    this.changes.push({ ...origin, field, value, raw: this.#text.slice(span.start, span.end) })
  }

  #refuse(reason: MalformedReason, origin: Origin, span: Span): void {
    if (this.malformed.length > maxMalformed) return
    const isLast = this.malformed.length === maxMalformed
    this.malformed.push(
      isLast
        ? { reason: 'too many malformed pieces', ...nowhere, raw: this.#text }
        : { reason, ...origin, raw: this.#text.slice(span.start, span.end) },
    )
  }
}

function originOf(entry: JsonObject): Origin {
  const id = member(entry, 'id')
  return {
    entryId: nameOf(typeof id === 'number' ? String(id) : id),
    entryTime: timeOf(member(entry, 'time')),
  }
}

// The end of the year 9999: what a JavaScript Date and every store can still write down.
const lastSecond = 253_402_300_799

// A number in most of Meta's examples, quoted in those of "Direct Send".
function timeOf(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[0-9]{1,12}$/.test(text)) return null
  const seconds = Number(text)
  return seconds <= lastSecond ? seconds : null
}
