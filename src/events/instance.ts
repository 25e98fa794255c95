import { randomUUID } from 'node:crypto'
import type { Lease, Leases } from './leases.ts'

const ttlMs = 30_000
const nameOf = (id: string): string => `instance ${id}`

/** This process among those on one store: what is in the memory of one is gone when it is. */
export class Instance {
  readonly id = randomUUID()
  readonly #leases: Leases
  #shown: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(leases: Leases) {
    this.#leases = leases
  }

  /** From now on the others can see that this one lives. */
  show(): Promise<void> {
    this.#shown ??= this.#show().catch((error: unknown) => {
      this.#shown = null
      throw error
    })
    return this.#shown
  }

  async isAlive(id: string): Promise<boolean> {
    if (id === this.id) return true
    const free = await this.#leases.acquire(nameOf(id), this.id, 1)
    if (free) await this.#leases.release(free)
    return free === null
  }

  /** What was in its memory is lost. */
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
    return this.#leases.acquire(nameOf(this.id), this.id, ttlMs)
  }
}
