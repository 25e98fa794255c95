import type { AppConfig } from '../config/config.ts'
import { Lru } from '../lib/lru.ts'
import type { TokenVault, Unclaimed } from './token-vault.ts'

const mostHeld = 1000

/**
 * Tokens that came for codes. A code works once: until it is known who the customer is, the token is here alone, in memory
 * and in the vault, where there is one. By a digest of the code.
 */
export class UnclaimedTokens {
  readonly #held = new Lru<Unclaimed>({ entries: mostHeld })
  readonly #vault: TokenVault | null

  constructor(vault: TokenVault | null) {
    this.#vault = vault
  }

  /** Resolves when the token is in the vault as well, where there is one. */
  async hold(unclaimed: Unclaimed): Promise<void> {
    this.#held.set(unclaimed.digest, unclaimed)
    await this.#vault?.hold(unclaimed)
  }

  async of(app: AppConfig, digest: string): Promise<Unclaimed | null> {
    const held = this.#held.get(digest)
    if (held || this.#vault === null) return held ?? null
    const kept = await this.#vault.heldFor(app.appId, digest)
    return kept && { app, digest, token: kept.token, wabaId: kept.wabaId, expiresAt: kept.endsAt }
  }

  /** Its owner is known, and has it. */
  async release(unclaimed: Unclaimed): Promise<void> {
    this.#held.delete(unclaimed.digest)
    await this.#vault?.release(unclaimed)
  }

  /** Those here of an app that open an account whose owner has become known to it. They are held here no longer. */
  claim(appId: string, wabaId: string): readonly Unclaimed[] {
    const own = [...this.#held.entries()].filter(
      ([, held]) => held.wabaId === wabaId && held.app.appId === appId,
    )
    for (const [digest] of own) this.#held.delete(digest)
    return own.map(([, held]) => held)
  }
}
