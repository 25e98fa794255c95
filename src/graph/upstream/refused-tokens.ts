import { GraphError } from '../error.ts'
import type { Limits } from '../limits.ts'
import type { PreparedCall } from '../prepare.ts'

type Signed = Pick<PreparedCall<unknown>, 'appId' | 'credential' | 'resource' | 'who'>
type Settings = Pick<Limits, 'tokenRefusals' | 'tokenProbeEvery'>

interface Refusals {
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
  readonly #tokens = new Map<string, Map<string, Refusals>>()
  readonly #settings: Settings
  readonly #now: () => number
  readonly #broken: (appId: string) => void

  constructor(settings: Settings, now: () => number, broken: (appId: string) => void) {
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
    if (isDefinite(error)) this.#tokens.get(keyOf(call))?.delete(call.resource)
    if (error?.code !== BAD_TOKEN) return
    const before = this.#of(call)
    const count = (before?.count ?? 0) + 1
    const isBad = count >= this.#settings.tokenRefusals
    if (isBad && !this.#isKnown(call)) this.#broken(call.appId)
    const probeAt = isBad ? (before?.probeAt ?? this.#nextProbe()) : null
    this.#set(call, { count, probeAt, error })
  }

  #of(call: Signed): Refusals | undefined {
    return this.#tokens.get(keyOf(call))?.get(call.resource)
  }

  #set(call: Signed, refusals: Refusals): void {
    const key = keyOf(call)
    const resources = this.#tokens.get(key) ?? new Map<string, Refusals>()
    this.#tokens.set(key, resources.set(call.resource, refusals))
  }

  #isKnown(call: Signed): boolean {
    return [...(this.#tokens.get(keyOf(call))?.values() ?? [])].some(({ probeAt }) => probeAt !== null)
  }

  #nextProbe(): number {
    return this.#now() + this.#settings.tokenProbeEvery
  }
}

const keyOf = ({ appId, who }: Signed): string => `${appId} ${who}`

/** Customers' tokens are fetched anew, and a person's is forgotten with its request. */
function isOwn({ credential: { kind } }: Signed): boolean {
  return kind === 'system' || kind === 'app'
}

/** An answer of Graph to whoever the token names. */
function isDefinite(error: GraphError | undefined): boolean {
  if (error === undefined) return true
  return ['permission', 'not-found', 'invalid', 'declined'].includes(error.kind)
}
