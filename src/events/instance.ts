import { randomUUID } from 'node:crypto'
import type { Lease, Leases } from './leases.ts'

/** For this time an instance that was killed still counts as alive. */
const ttlMs = 10_000
const leaseName = (id: string): string => `instance ${id}`

/** This process among those that share a store. What an instance holds in memory alone is lost when it ends. */
export class Instance {
  readonly id = randomUUID()
  readonly #leases: Leases
  readonly #isAlone: boolean
  #shown: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined

  /** `isAlone`: the store admits one process at a time, so every other instance has ended. */
  constructor(leases: Leases, isAlone: boolean) {
    this.#leases = leases
    this.#isAlone = isAlone
  }

  /** Lets the other instances see that this one is alive. */
  async announce(): Promise<void> {
    if (this.#isAlone) return
    this.#shown ??= this.#show().catch((error: unknown) => {
      this.#shown = null
      throw error
    })
    await this.#shown
  }

  async isAlive(id: string): Promise<boolean> {
    if (id === this.id || this.#isAlone) return id === this.id
    const free = await this.#leases.acquire(leaseName(id), this.id, 1)
    if (free) await this.#leases.release(free)
    return free === null
  }

  /** Says that this instance has ended, and with it what only its memory held. */
  async leave(): Promise<void> {
    clearInterval(this.#timer)
    if (!this.#shown) return
    const lease = await this.#hold()
    if (lease) await this.#leases.release(lease)
  }

  async #show(): Promise<void> {
    await this.#hold()
    this.#timer = setInterval(() => void this.#hold().catch(() => {}), ttlMs / 3).unref()
  }

  #hold(): Promise<Lease | null> {
    return this.#leases.acquire(leaseName(this.id), this.id, ttlMs)
  }
}
