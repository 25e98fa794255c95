import type { AppConfig } from '../config/config.ts'
import { Lru } from '../lib/lru.ts'

/** A customer's token that came for a code, of which it is not known yet whose it is. */
export interface Unclaimed {
  readonly app: AppConfig
  readonly token: string
  /** The account that it was seen to open; null as long as none was. */
  readonly wabaId: string | null
  /** Milliseconds since 1970; null when it does not end, or nobody says. */
  readonly expiresAt: number | null
}

const mostHeld = 1000

/**
 * Tokens that came for codes, in memory only. A code works once: until it is known who the customer is, this is the only
 * place where the token is. By a digest of the code.
 */
export class UnclaimedTokens {
  readonly #held = new Lru<Unclaimed>({ entries: mostHeld })

  hold(digest: string, unclaimed: Unclaimed): void {
    this.#held.set(digest, unclaimed)
  }

  of(digest: string): Unclaimed | undefined {
    return this.#held.get(digest)
  }

  /** Its owner is known, and has it. */
  release(digest: string): void {
    this.#held.delete(digest)
  }

  /** Those of an app that open an account whose owner has become known to it. They are held no longer. */
  claim(appId: string, wabaId: string): readonly Unclaimed[] {
    const own = [...this.#held.entries()].filter(
      ([, held]) => held.wabaId === wabaId && held.app.appId === appId,
    )
    for (const [digest] of own) this.#held.delete(digest)
    return own.map(([, held]) => held)
  }
}
