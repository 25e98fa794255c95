import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../../access/authenticate.ts'
import { Lru, type Bounds } from '../../reads/lru.ts'

/** By so much at most an answer outlives the fields that it was made of. */
const lifetimeMs = 1_000
const maxAnswer = 256 * 1024
const bounds: Bounds = { entries: 10_000, bytes: 16 * 1024 * 1024 }

interface Kept {
  readonly type: string
  readonly bytes: Buffer
  readonly until: number
}

/** What somebody asks, to the byte: only that caller, with exactly that request, is given the answer again. */
interface Question {
  readonly key: string
  /** What had been evicted before it was asked. */
  readonly since: number
}

/** Whole answers that memory alone has given, for the moment in which many ask the same and nothing has changed. */
export class Answers {
  readonly #kept: Lru<Kept>
  readonly #evicted: () => number
  readonly #now: () => number
  #since = 0

  /** `evicted` counts evictions, whatever they are of: each ends all answers. */
  constructor(evicted: () => number, now: () => number = () => performance.now(), within: Bounds = bounds) {
    this.#evicted = evicted
    this.#now = now
    this.#kept = new Lru(within)
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#kept.size, bytes: this.#kept.bytes }
  }

  about(actor: Actor, { url, headers }: IncomingMessage, body: Buffer): Question {
    const apps = actor.apps.map(({ appId }) => appId)
    const key = JSON.stringify([actor.kind, apps, url, headers.accept]) + body.toString('latin1')
    return { key, since: this.#evicted() }
  }

  find({ key }: Question): Kept | null {
    this.#forgetEvicted()
    const kept = this.#kept.get(key)
    if (kept && kept.until > this.#now()) return kept
    this.#kept.delete(key)
    return null
  }

  keep({ key, since }: Question, type: string, text: string): void {
    this.#forgetEvicted()
    if (since !== this.#since || text.length > maxAnswer) return
    const bytes = Buffer.from(text)
    this.#kept.set(
      key,
      { type, bytes, until: this.#now() + lifetimeMs },
      key.length + bytes.length + perEntry,
    )
  }

  #forgetEvicted(): void {
    const now = this.#evicted()
    if (now !== this.#since) this.#kept.clear()
    this.#since = now
  }
}

const perEntry = 200

export function sendKept(response: ServerResponse, { type, bytes }: Kept): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
}
