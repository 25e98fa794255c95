import type { AppConfig } from '../config/config.ts'
import type { LeftCustomer } from '../events/tokens.ts'
import { Lru } from '../lib/lru.ts'
import { untilItWorks } from '../lib/pause.ts'
import type { TokenVault, Unclaimed } from './token-vault.ts'

const mostHeld = 1000

/**
 * Tokens that came for codes. A code works once: until it is known who the customer is, the token is here alone. By a digest
 * of the code, in the vault, or in memory where there is none and as long as it cannot be written.
 */
export class UnclaimedTokens {
  readonly #held = new Lru<Unclaimed>({ entries: mostHeld })
  readonly #vault: TokenVault | null

  constructor(vault: TokenVault | null) {
    this.#vault = vault
  }

  /** Resolves when the token is in the vault, where there is one. When it rejects, the token is here and goes there later. */
  async hold(unclaimed: Unclaimed): Promise<void> {
    this.#held.set(unclaimed.digest, unclaimed)
    if (this.#vault === null) return
    try {
      await this.#move(unclaimed, this.#vault)
    } catch (error) {
      const vault = this.#vault
      void untilItWorks(async () => this.#isHere(unclaimed) && this.#move(unclaimed, vault))
      throw error
    }
  }

  /** Whether the memory of this process is the only place where it is. */
  isOnlyHere(digest: string): boolean {
    return this.#held.get(digest) !== undefined
  }

  async #move(unclaimed: Unclaimed, vault: TokenVault): Promise<void> {
    await vault.hold(unclaimed)
    // From here on another instance may claim it or drop it, and this one would not know.
    if (this.#isHere(unclaimed)) this.#held.delete(unclaimed.digest)
  }

  #isHere(unclaimed: Unclaimed): boolean {
    return this.#held.get(unclaimed.digest) === unclaimed
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

  /** In a vault the departure is found in the log. Where there is none, nobody would give it again. */
  forgetLeft({ appId, wabaId }: LeftCustomer): void {
    if (this.#vault !== null && wabaId !== null) this.claim(appId, wabaId)
  }

  /** Those in memory of an app that open an account whose owner has become known to it. They are held here no longer. */
  claim(appId: string, wabaId: string): readonly Unclaimed[] {
    const own = [...this.#held.entries()].filter(
      ([, held]) => held.wabaId === wabaId && held.app.appId === appId,
    )
    for (const [digest] of own) this.#held.delete(digest)
    return own.map(([, held]) => held)
  }
}
