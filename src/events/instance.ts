import { randomUUID } from 'node:crypto'
import type { Lease, Leases } from './leases.ts'

/** So long an instance that was killed is taken for alive. */
const ttlMs = 10_000
const nameOf = (id: string): string => `instance ${id}`

/** This process among those on one store: what is in the memory of one is gone when it is. */
export class Instance {
  readonly id = randomUUID()
  readonly #leases: Leases
  readonly #isAlone: boolean
  #shown: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined

  /** `isAlone`: the store lets one process in at a time, so whoever was there before is gone. */
  constructor(leases: Leases, isAlone: boolean) {
    this.#leases = leases
    this.#isAlone = isAlone
  }

  /** From now on the others can see that this one lives. */
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
