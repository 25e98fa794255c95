import type { GraphError } from '../graph/error.ts'

export interface Suspect {
  readonly type: string
  readonly field: string
}

interface Refused {
  readonly error: GraphError
  readonly until: number
}

const lifetimeMs = 60 * 60_000
const most = 1_000

/**
 * The fields that Graph does not take of an app, by node type: which an app may have is part of its review. One process
 * speaks one version of Graph, so that is no key.
 */
export class Refusals {
  readonly #refused = new Map<string, Refused>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  remember(appId: string, { type, field }: Suspect, error: GraphError): void {
    const [oldest] = this.#refused.keys()
    if (this.#refused.size >= most && oldest !== undefined) this.#refused.delete(oldest)
    this.#refused.set(`${appId} ${type}.${field}`, { error, until: this.#now() + lifetimeMs })
  }

  /** Why a field cannot be asked for; null when it can. */
  of(appId: string, type: string, field: string): GraphError | null {
    const key = `${appId} ${type}.${field}`
    const refused = this.#refused.get(key)
    if (!refused) return null
    if (refused.until > this.#now()) return refused.error
    this.#refused.delete(key)
    return null
  }
}
