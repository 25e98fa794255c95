import type { AllowanceReading } from './budget/reading.ts'
import type { Exchanged, GraphClient } from './client.ts'
import { Credentials } from './credentials.ts'
import { raceSignal } from './deadline.ts'
import type { Endpoint } from './endpoint.ts'
import { GraphError } from './error.ts'
import type { GraphOutcome } from './outcome-of.ts'
import { readWithTokens, requestOf } from './read-with-tokens.ts'
import type { CallOptions } from './request.ts'
import { UnclaimedTokens } from './unclaimed-tokens.ts'
import type { Viewer } from './viewer.ts'

export type { CallOptions, Tally } from './request.ts'

/** The Graph API as the rest of the gateway uses it: an endpoint, and who asks. */
export interface Graph {
  call<T>(endpoint: Endpoint<T>, as: Viewer, options?: AbortSignal | CallOptions): Promise<T>
  /** Reads that leave together, answered in their order. A failure stays with its own read. */
  readAll(reads: readonly GraphRead[], options?: AbortSignal | CallOptions): Promise<readonly GraphOutcome[]>
  /** One write, sent once. */
  write<T>(endpoint: Endpoint<T>, as: Viewer, options?: CallOptions): Promise<Written<T>>
  /** Keeps a customer's token that came another way, in memory only. `expiresAt` in milliseconds, null for never. */
  remember(as: Viewer, token: string, expiresAt: number | null): void
  /** What is left of an app's allowance for one object, or of its own, without asking; null when nothing is known. */
  allowance(appId: string, objectId: string | null): AllowanceReading | null
  /** Whether a token that came another way is here. */
  holds(as: Viewer): boolean
  readonly unclaimed: UnclaimedTokens
}

export interface GraphRead {
  readonly endpoint: Endpoint<unknown>
  readonly as: Viewer
}

export interface Written<T> {
  readonly value: T
  /** Graph's own name of the call, for Meta's support; null when it gave none. */
  readonly traceId: string | null
}

export interface GraphOptions {
  /** A customer's token was given up because Graph no longer takes it. */
  readonly tokenDropped?: (appId: string) => void
}

export function createGraph(client: GraphClient, { tokenDropped }: GraphOptions = {}): Graph {
  const credentials = new Credentials(client, tokenDropped)

  async function exchange<T>(endpoint: Endpoint<T>, as: Viewer, options: CallOptions): Promise<Exchanged<T>> {
    const { begun = performance.now() } = options
    const found = credentials.of(endpoint.token, as, options)
    const credential = found instanceof Promise ? await raceSignal(found, options.signal) : found
    try {
      return await client.exchange(requestOf(endpoint, credential, options, begun))
    } catch (error) {
      if (error instanceof GraphError && error.kind === 'token') credentials.refuse(as, credential)
      throw error
    }
  }

  return {
    call: async (endpoint, as, options) => (await exchange(endpoint, as, asOptions(options))).value,
    readAll: (reads, options) => readWithTokens(client, credentials, reads, asOptions(options)),
    write: (endpoint, as, options = {}) => exchange(endpoint, as, options),
    holds: (as) => credentials.holds(as),
    unclaimed: new UnclaimedTokens(),
    remember: (as, token, expiresAt) => credentials.remember(as, token, expiresAt),
    allowance: (appId, objectId) => client.allowance(appId, objectId),
  }
}

const asOptions = (options: AbortSignal | CallOptions = {}): CallOptions =>
  options instanceof AbortSignal ? { signal: options } : options
