import type { IncomingMessage, ServerResponse } from 'node:http'
import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Actor } from '../../access/authenticate.ts'
import type { Ctx } from '../../context.ts'
import { Lru, type Bounds } from '../../lib/lru.ts'

/** A response outlives the fields that it was made of by this much at most. */
const lifetimeMs = 1_000
const mostCharacters = 256 * 1024
const bytesPerEntry = 200
const bounds: Bounds = { entries: 10_000, bytes: 16 * 1024 * 1024 }

export interface CachedResponse {
  readonly type: string
  readonly bytes: Buffer
  readonly until: number
}

/** Where the response to one request may be cached: the same request of the same caller, to the byte, is given it. */
export interface CacheSlot {
  readonly key: string
  /** How many evictions there had been when the request came. */
  readonly evictions: number
  /** Whether the response was made of memory alone, which is known when its operation is over. */
  isFromMemory: boolean
}

/**
 * Whole responses to queries that memory alone has answered, for a second, and only until anything is evicted: front
 * ends of many people ask the same at the same time, and executing costs a warm query ten times what sending does.
 */
export class ResponseCache {
  readonly #cached: Lru<CachedResponse>
  readonly #countEvictions: () => number
  readonly #now: () => number
  #evictions = 0

  constructor(
    countEvictions: () => number,
    now: () => number = () => performance.now(),
    within: Bounds = bounds,
  ) {
    this.#countEvictions = countEvictions
    this.#now = now
    this.#cached = new Lru(within)
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#cached.size, bytes: this.#cached.bytes }
  }

  slot(actor: Actor, { url, headers }: IncomingMessage, body: Buffer): CacheSlot {
    const apps = actor.apps.map(({ appId }) => appId)
    const key = JSON.stringify([actor.kind, apps, url, headers.accept]) + body.toString('latin1')
    return { key, evictions: this.#countEvictions(), isFromMemory: false }
  }

  find({ key }: CacheSlot): CachedResponse | null {
    this.#forgetEvicted()
    const cached = this.#cached.get(key)
    if (cached && cached.until > this.#now()) return cached
    this.#cached.delete(key)
    return null
  }

  store({ key, evictions, isFromMemory }: CacheSlot, type: string, text: string): void {
    this.#forgetEvicted()
    if (!isFromMemory || evictions !== this.#evictions || text.length > mostCharacters) return
    const bytes = Buffer.from(text)
    const cached = { type, bytes, until: this.#now() + lifetimeMs }
    this.#cached.set(key, cached, key.length + bytes.length + bytesPerEntry)
  }

  #forgetEvicted(): void {
    const evictions = this.#countEvictions()
    if (evictions !== this.#evictions) this.#cached.clear()
    this.#evictions = evictions
  }
}

export function sendCached(response: ServerResponse, { type, bytes }: CachedResponse): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
}

interface Cacheable {
  readonly slot?: CacheSlot
}

/** Finds out which responses are made of memory alone, and stores them. */
export function useResponseCache(cache: ResponseCache): Plugin<Ctx, Cacheable> {
  return {
    onExecute({ args }) {
      const context: Ctx & Cacheable = args.contextValue
      const { slot, reads } = context
      if (!slot || !isQuery(args)) return
      let usedOthers = false
      onUse(context, () => (usedOthers = true))
      return {
        onExecuteDone({ result }) {
          slot.isFromMemory = isWhole(result) && !usedOthers && reads.asked === 0
        },
      }
    },
    async onResponse({ response, serverContext }) {
      const { slot } = serverContext as Cacheable
      if (!slot?.isFromMemory || response.status !== 200) return
      const type = response.headers.get('content-type')
      if (type !== null && singleResult.test(type)) cache.store(slot, type, await response.clone().text())
    },
  }
}

const singleResult = /^application\/(?:graphql-response\+)?json\b/

/**
 * The parts of a context that change without an eviction, or that ask Graph themselves. Complete by its type: a part that
 * is added to the context has to be put here on one side or the other.
 */
const changesUnseen: Readonly<Record<keyof Ctx, boolean>> = {
  actor: false,
  apps: false,
  cost: false,
  reads: false,
  streamPosition: false,
  heartbeatMs: false,
  overrideHosts: false,
  autoOnboard: false,
  redirectUris: false,
  onboardingWeeklyLimit: false,
  logger: false,
  signal: false,
  draining: false,
  graph: true,
  eventReads: true,
  log: true,
  writes: true,
  sharings: true,
  documents: true,
  instance: true,
  deadLetters: true,
  webhookHealth: true,
  accountWebhookHealth: true,
  clock: true,
  time: true,
  earliest: true,
}
const unseen = (Object.keys(changesUnseen) as (keyof Ctx)[]).filter((name) => changesUnseen[name])

/** Hears of each use of such a part: on the context that resolvers are given, which Yoga has made as a copy of ours. */
function onUse(context: Ctx, used: () => void): void {
  for (const name of unseen) {
    const value = context[name]
    const get = (): unknown => {
      used()
      return value
    }
    Object.defineProperty(context, name, { get, configurable: true })
  }
}

function isQuery({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === 'query'
}

/** Nor is it given again to others that it could not be checked. */
function isWhole(result: ExecutionResult | object): boolean {
  return 'data' in result && result.data != null && !('errors' in result) && !isUnchecked(result)
}

function isUnchecked({ extensions }: ExecutionResult): boolean {
  const graph = extensions?.['graph']
  return typeof graph === 'object' && graph !== null && 'unchecked' in graph
}
