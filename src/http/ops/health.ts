import type { ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Parts } from '../parts.ts'
import { replyJson } from '../reply.ts'
import { StoreUnavailable } from '../../events/log.ts'
import type { Store } from '../../events/store.ts'

/** Alive: the process answers. */
export function live(response: ServerResponse): void {
  replyJson(response, 200, { status: 'live' })
}

/** Ready: the store can be read and written, and the process is not stopping. A clock that is wrong is said. */
export async function ready(parts: Parts, response: ServerResponse): Promise<void> {
  const isRead = await isReadable(parts)
  const isReady = isRead && !parts.stopping.aborted && (await parts.storeWatch.takesWrites())
  const { largeSkewSeconds: skew } = parts.storeClock
  replyJson(response, isReady ? 200 : 503, {
    status: isReady ? 'ready' : parts.stopping.aborted ? 'stopping' : 'no store',
    ...(skew !== null && { clockSkewSeconds: skew }),
  })
}

/** A store that answers later counts as away, because whoever asks does not wait for long. */
const readPatienceMs = 3_000

async function isReadable({ log }: Parts): Promise<boolean> {
  const answered = new AbortController()
  const late = sleep(readPatienceMs, false, { signal: answered.signal }).catch(() => false)
  const read = log.head().then(
    () => true,
    () => false,
  )
  return Promise.race([read, late]).finally(() => answered.abort())
}

/** How long after a failed write the store is tried again. */
const doubtMs = 5_000

/** The methods of each part of the store that write. A failure of any of them counts. */
const writing = {
  log: ['append', 'deleteBefore'],
  writes: [
    'begin',
    'markSending',
    'settle',
    'reopen',
    'leaveOpen',
    'forget',
    'leave',
    'markPublished',
    'deleteEndedBefore',
  ],
  sharings: ['save'],
  deadLetters: ['add', 'recordRedrive', 'deleteHandledBefore'],
  leases: ['acquire', 'renew', 'release', 'appendIfHeld'],
} as const satisfies { readonly [Part in keyof Store]?: readonly (keyof Store[Part])[] }

/** Those that cannot succeed without having written something. */
const telling = new Set<string | symbol>(['append', 'appendIfHeld', 'add'])

/**
 * Whether the store takes writes, judged by the last ones: with a full disk reads go on and writes fail. A failure is
 * forgotten when a write has worked, and never by time alone.
 */
export class StoreWatch {
  readonly #store: Store
  readonly #now: () => number
  #refusedAt: number | null = null
  #probe: Promise<boolean> | null = null

  constructor(store: Store, now = (): number => performance.now()) {
    this.#store = store
    this.#now = now
  }

  /** The store, watched. */
  get watched(): Store {
    const store = this.#store
    return {
      ...store,
      log: this.#over(store.log, writing.log),
      writes: this.#over(store.writes, writing.writes),
      sharings: this.#over(store.sharings, writing.sharings),
      deadLetters: this.#over(store.deadLetters, writing.deadLetters),
      leases: this.#over(store.leases, writing.leases),
    }
  }

  /** False after a failed write until one has worked. Five seconds after it one small write is tried. */
  async takesWrites(): Promise<boolean> {
    if (this.#refusedAt === null) return true
    if (this.#now() - this.#refusedAt < doubtMs) return false
    this.#probe ??= this.#try().finally(() => (this.#probe = null))
    return this.#probe
  }

  /** The small write is a lease that ends as it begins: one row, overwritten each time. */
  async #try(): Promise<boolean> {
    try {
      const lease = await this.#store.leases.acquire('probe of the store', randomUUID(), 0)
      if (lease) this.#refusedAt = null
    } catch {
      this.#refusedAt = this.#now()
    }
    return this.#refusedAt === null
  }

  #over<Part extends object>(part: Part, names: readonly (keyof Part)[]): Part {
    const methods = new Map<string | symbol, unknown>()
    return new Proxy(part, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        const method = methods.get(name) ?? this.#method(target, name, member, names)
        methods.set(name, method)
        return method
      },
    })
  }

  #method<Part extends object>(
    part: Part,
    name: string | symbol,
    method: Function,
    names: readonly (keyof Part)[],
  ): unknown {
    if (!names.includes(name as keyof Part)) return method.bind(part) as unknown
    return async (...words: unknown[]): Promise<unknown> => {
      try {
        const answer: unknown = await Reflect.apply(method, part, words)
        if (telling.has(name)) this.#refusedAt = null
        return answer
      } catch (error) {
        if (error instanceof StoreUnavailable) this.#refusedAt = this.#now()
        throw error
      }
    }
  }
}
