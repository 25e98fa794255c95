import { Lru } from '../../lib/lru.ts'
import { GraphError } from '../error.ts'
import type { PreparedCall } from '../prepare.ts'
import type { Limits } from './limits.ts'

type Guarded = Pick<PreparedCall<unknown>, 'appId' | 'resource' | 'slots' | 'parts'>

/**
 * A breaker for each app and kind of call, which opens when several objects fail, and one for each object of it: one
 * object that fails for ever must not keep the others from being asked. A batch is about no object: its items are.
 */
export class Breakers {
  readonly #routes = new Lru<Breaker>({ entries: MOST })
  readonly #objects = new Lru<Breaker>({ entries: MOST })
  readonly #limits: Limits
  readonly #now: () => number
  readonly #opened: (appId: string) => void

  constructor(limits: Limits, now: () => number, opened: (appId: string) => void) {
    this.#limits = limits
    this.#now = now
    this.#opened = opened
  }

  /** Fails while open. */
  check(call: Guarded): void {
    const wait = Math.max(
      ...this.#of(call).map(({ map, key }) => waitMsOf(map.get(key) ?? CLOSED, this.#now())),
    )
    if (wait === 0) return
    const message = 'Graph has been failing at this kind of call, and nothing was sent.'
    throw new GraphError('unavailable', message, { retryAfterSeconds: Math.ceil(wait / 1000) })
  }

  isOpen(call: Guarded): boolean {
    return this.#of(call).some(({ map, key }) => (map.get(key) ?? CLOSED).probeAt !== null)
  }

  leave(call: Guarded): void {
    for (const { map, key } of this.#of(call)) {
      const breaker = map.get(key)
      if (breaker !== undefined) map.set(key, afterLeaving(breaker, this.#now(), this.#limits))
    }
  }

  take(call: Guarded, error: GraphError | undefined): void {
    const said = error === undefined ? 'healthy' : says(error)
    if (said === 'nothing') return
    const result = { object: objectOf(call), failed: said === 'failing', at: this.#now() }
    for (const { map, key, leastObjects } of this.#of(call)) {
      const before = map.get(key) ?? CLOSED
      const after = afterResult(before, result, { ...this.#limits, leastObjects })
      map.set(key, after)
      if (before.probeAt === null && after.probeAt !== null) this.#opened(call.appId)
    }
  }

  #of(call: Guarded) {
    const route = routeOf(call)
    const ofRoute = { map: this.#routes, key: route, leastObjects: 2 }
    if (call.parts.length > 0) return [ofRoute]
    return [ofRoute, { map: this.#objects, key: `${route} ${objectOf(call)}`, leastObjects: 1 }]
  }
}

const MOST = 10_000

const objectOf = ({ slots }: Guarded): string => slots.join()

const routeOf = ({ appId, resource }: Guarded): string => `${appId} ${resource}`

/** What a failure says about Graph's health: a refusal is a healthy answer. */
function says({ kind, transient, isDefinite }: GraphError): 'failing' | 'healthy' | 'nothing' {
  if (isDefinite) return 'healthy'
  switch (kind) {
    case 'aborted':
    case 'input':
      return 'nothing'
    case 'unavailable':
    case 'timeout':
    case 'network':
      return 'failing'
    case 'malformed':
    case 'too-large':
      return transient ? 'failing' : 'healthy'
    case 'throttled':
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'declined':
      return 'healthy'
  }
}

/** One result of a kind of call. */
export interface BreakerResult {
  readonly object: string
  readonly failed: boolean
  readonly at: number
}

export interface Breaker {
  /** The last results, oldest first. */
  readonly recent: readonly BreakerResult[]
  /** When the next probe may leave; null while closed. */
  readonly probeAt: number | null
}

export interface BreakerSettings extends Pick<
  Limits,
  'breakerResults' | 'breakerWindow' | 'breakerShare' | 'probeEvery'
> {
  /** How many objects must have been asked for before it may open. */
  readonly leastObjects: number
}

export const CLOSED: Breaker = { recent: [], probeAt: null }

/** Milliseconds until a call may try; 0 = now. */
export function waitMsOf({ probeAt }: Breaker, now: number): number {
  return probeAt === null ? 0 : Math.max(0, probeAt - now)
}

/** A call leaves: while open it is the probe, and the next one has to wait. */
export function afterLeaving(
  breaker: Breaker,
  now: number,
  { probeEvery }: Pick<BreakerSettings, 'probeEvery'>,
): Breaker {
  return breaker.probeAt === null ? breaker : { ...breaker, probeAt: now + probeEvery }
}

/** Any answer closes, enough failures open. */
export function afterResult(breaker: Breaker, result: BreakerResult, settings: BreakerSettings): Breaker {
  if (breaker.probeAt !== null) return result.failed ? breaker : CLOSED
  const kept = breaker.recent.slice(-(settings.breakerResults - 1))
  const recent = [...kept, result].filter(({ at }) => result.at - at < settings.breakerWindow)
  const open = result.failed && recent.length >= settings.breakerResults && isFailing(recent, settings)
  return { recent, probeAt: open ? result.at + settings.probeEvery : null }
}

/** Each object counts once, by its last result, so that one account that hangs does not stop the others. */
function isFailing(
  recent: readonly BreakerResult[],
  { leastObjects, breakerShare }: BreakerSettings,
): boolean {
  const last = new Map(recent.map(({ object, failed }) => [object, failed]))
  const failing = [...last.values()].filter(Boolean).length
  return last.size >= leastObjects && failing / last.size >= breakerShare
}

type Signed = Pick<PreparedCall<unknown>, 'appId' | 'credential' | 'resource' | 'who'>
type TokenSettings = Pick<Limits, 'tokenRefusals' | 'tokenProbeEvery'>

interface TokenRefusals {
  readonly count: number
  /** When the next probe may leave; null while calls go on. */
  readonly probeAt: number | null
  readonly error: GraphError
}

// docs/graph-api/guides/error-handling: an access token that has expired, was revoked, or is otherwise no good.
const BAD_TOKEN = 190

/**
 * An app's own tokens that Graph no longer takes. Nobody can fetch another, so calls with them would be in vain until
 * somebody does something. Each kind of call is judged for itself: one that wants another kind of token is refused with
 * the same code.
 */
export class RefusedTokens {
  readonly #tokens = new Map<string, Map<string, TokenRefusals>>()
  readonly #settings: TokenSettings
  readonly #now: () => number
  readonly #broken: (appId: string) => void

  constructor(settings: TokenSettings, now: () => number, broken: (appId: string) => void) {
    this.#settings = settings
    this.#now = now
    this.#broken = broken
  }

  /** Fails between two probes. */
  check(call: Signed): void {
    const refusals = this.#of(call)
    if (refusals === undefined || refusals.probeAt === null || refusals.probeAt <= this.#now()) return
    const { error } = refusals
    throw new GraphError('token', error.message, error)
  }

  isRefused(call: Signed): boolean {
    return (this.#of(call)?.probeAt ?? null) !== null
  }

  leave(call: Signed): void {
    const refusals = this.#of(call)
    if (refusals && refusals.probeAt !== null) this.#set(call, { ...refusals, probeAt: this.#nextProbe() })
  }

  take(call: Signed, error: GraphError | undefined): void {
    if (!isOwn(call)) return
    if (isDefinite(error)) this.#tokens.get(breakerKey(call))?.delete(call.resource)
    if (error?.code !== BAD_TOKEN) return
    const before = this.#of(call)
    const count = (before?.count ?? 0) + 1
    const isBad = count >= this.#settings.tokenRefusals
    if (isBad && !this.#isKnown(call)) this.#broken(call.appId)
    const probeAt = isBad ? (before?.probeAt ?? this.#nextProbe()) : null
    this.#set(call, { count, probeAt, error })
  }

  #of(call: Signed): TokenRefusals | undefined {
    return this.#tokens.get(breakerKey(call))?.get(call.resource)
  }

  #set(call: Signed, refusals: TokenRefusals): void {
    const key = breakerKey(call)
    const resources = this.#tokens.get(key) ?? new Map<string, TokenRefusals>()
    this.#tokens.set(key, resources.set(call.resource, refusals))
  }

  #isKnown(call: Signed): boolean {
    return [...(this.#tokens.get(breakerKey(call))?.values() ?? [])].some(({ probeAt }) => probeAt !== null)
  }

  #nextProbe(): number {
    return this.#now() + this.#settings.tokenProbeEvery
  }
}

const breakerKey = ({ appId, who }: Signed): string => `${appId} ${who}`

/** Customers' tokens are fetched anew, and a person's is forgotten with its request. */
function isOwn({ credential: { kind } }: Signed): boolean {
  return kind === 'system' || kind === 'app'
}

/** An answer of Graph to whoever the token names. */
function isDefinite(error: GraphError | undefined): boolean {
  if (error === undefined) return true
  return ['permission', 'not-found', 'invalid', 'declined'].includes(error.kind)
}
