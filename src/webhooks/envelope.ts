import { parseLossless } from '../lib/json.ts'
import { atOnce, inSlices } from '../lib/slices.ts'
import { isDeeper, maxDepth } from './canonical.ts'
import { isObject, type JsonObject, valueAt, metaName } from '../lib/value.ts'
import { ItemSpans, memberSpan, type Span, valueSpan } from './spans.ts'
import { isUtf8 } from 'node:buffer'

/** One item of `entry` × `changes`. */
export interface WebhookChange {
  /** As sent: the id of an account or of a business portfolio, which depends on the event. */
  readonly entryId: string | null
  /** Unix seconds. */
  readonly entryTime: number | null
  readonly field: string
  readonly value: unknown
  /** The text as it was sent; found when it is asked for. */
  readonly raw: string
}

/** A piece of the post that cannot be read as a change. */
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
  readonly changes: readonly WebhookChange[]
  readonly malformed: readonly Malformed[]
  /** The bytes of the post, when its text is not exactly what was sent. */
  readonly original?: Uint8Array
}

// Meta batches up to 1,000 updates ("Create a webhook endpoint"). Beyond that many bad pieces one note stands for the rest.
const maxMalformed = 1000

/** Takes a post apart. It never throws: a piece that cannot be read is listed with its reason. */
export const parseEnvelope = (rawText: string): Envelope => atOnce(parsing(rawText))

/** Yields after each entry and each change. */
function* parsing(rawText: string): Generator<void, Envelope> {
  let body: unknown
  try {
    body = parseLossless(rawText)
  } catch {
    return rejected('body is not JSON', rawText)
  }
  if (!isObject(body)) return rejected('body is not an object', rawText)
  const entries = valueAt(body, 'entry')
  const object = metaName(valueAt(body, 'object'))
  if (!Array.isArray(entries)) return { ...rejected('body has no entry list', rawText), object }
  const reader = new Reader(rawText)
  yield* reader.readEntries(entries)
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
  readonly changes: WebhookChange[] = []
  readonly malformed: Malformed[] = []
  readonly #text: string
  #entries: ItemSpans | null = null
  /** Those of the entry that was asked about last, because its changes are asked about one after the other. */
  #changes: { readonly entry: number; readonly spans: ItemSpans } | null = null

  constructor(text: string) {
    this.#text = text
  }

  *readEntries(entries: readonly unknown[]): Generator<void, void> {
    for (const [index, entry] of entries.entries()) {
      yield
      yield* this.#readEntry(entry, index)
    }
  }

  *#readEntry(entry: unknown, at: number): Generator<void, void> {
    if (!isObject(entry)) return this.#refuse('entry is not an object', nowhere, at)
    const origin = originOf(entry)
    const changes = valueAt(entry, 'changes')
    if (!Array.isArray(changes)) return this.#refuse('entry has no list of changes', origin, at)
    for (const [index, change] of changes.entries()) {
      yield
      this.#readChange(change, origin, at, index)
    }
  }

  #readChange(change: unknown, origin: Origin, entry: number, at: number): void {
    if (!isObject(change)) return this.#refuse('change is not an object', origin, entry, at)
    const field = metaName(valueAt(change, 'field'))
    const value = valueAt(change, 'value')
    if (isDeeper(change, maxDepth)) return this.#refuse('change is nested too deeply', origin, entry, at)
    if (field === null) return this.#refuse('change has no field name', origin, entry, at)
    if (value === undefined) return this.#refuse('change has no value', origin, entry, at)
    const rawOf = (): string => this.#rawOf(entry, at)
    this.changes.push({
      ...origin,
      field,
      value,
      get raw() {
        return rawOf()
      },
    })
  }

  #refuse(reason: MalformedReason, origin: Origin, entry: number, change?: number): void {
    if (this.malformed.length > maxMalformed) return
    const isLast = this.malformed.length === maxMalformed
    this.malformed.push(
      isLast
        ? { reason: 'too many malformed pieces', ...nowhere, raw: this.#text }
        : { reason, ...origin, raw: this.#rawOf(entry, change) },
    )
  }

  /** The text as it was sent; found only when something could not be read. */
  #rawOf(entry: number, change?: number): string {
    this.#entries ??= itemsOf(this.#text, valueSpan(this.#text, 0).start, 'entry')
    const outer = this.#entries.at(entry)
    const span = change === undefined || !outer ? outer : this.#changesOf(entry, outer).at(change)
    return span ? this.#text.slice(span.start, span.end) : ''
  }

  #changesOf(entry: number, { start }: Span): ItemSpans {
    if (this.#changes?.entry !== entry)
      this.#changes = { entry, spans: itemsOf(this.#text, start, 'changes') }
    return this.#changes.spans
  }
}

function itemsOf(text: string, at: number, key: string): ItemSpans {
  return new ItemSpans(text, memberSpan(text, at, key)?.start)
}

function originOf(entry: JsonObject): Origin {
  const id = valueAt(entry, 'id')
  return {
    entryId: metaName(typeof id === 'number' ? String(id) : id),
    entryTime: unixSeconds(valueAt(entry, 'time')),
  }
}

// The end of the year 9999, the latest time that a JavaScript Date and every store can represent.
const lastSecond = 253_402_300_799

/** A number in most of Meta's examples, quoted in those of "Direct Send". */
export function unixSeconds(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[0-9]{1,12}$/.test(text)) return null
  const seconds = Number(text)
  return seconds <= lastSecond ? seconds : null
}

// A decoder that replaces broken bytes: they cost one character of their string, and not the changes beside it.
const decoder = new TextDecoder()
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Takes a post apart in slices, and keeps its bytes when they are not valid UTF-8. */
export async function readPost(bytes: Uint8Array): Promise<Envelope> {
  const envelope = await inSlices(parsing(decodeUtf8(bytes)))
  const isExact = isUtf8(bytes) && !byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length))
  return isExact ? envelope : { ...envelope, original: bytes }
}
