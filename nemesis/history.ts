import type { Entry } from './load/items.ts'

/** The log as the `events` query told it, round after round. */
export class History {
  readonly #entries: Entry[] = []
  readonly #places = new Map<string, number>()

  get length(): number {
    return this.#entries.length
  }

  at(place: number): Entry | undefined {
    return this.#entries[place]
  }

  get end(): Entry | undefined {
    return this.#entries.at(-1)
  }

  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (!this.#places.has(entry.key)) this.#places.set(entry.key, this.#entries.length)
      this.#entries.push(entry)
    }
  }

  has(key: string): boolean {
    return this.#places.has(key)
  }

  /** Where an entry stands; null when it is not there, or under another cursor. */
  placeOf({ key, cursor }: Entry): number | null {
    const place = this.#places.get(key)
    return place !== undefined && this.#entries[place]?.cursor === cursor ? place : null
  }

  /** From a place on, what an app's subscriber is to see; all of it when null. */
  part(from: number, appId: string | null): readonly Entry[] {
    const part = this.#entries.slice(from)
    return appId === null ? part : part.filter(({ key }) => isOf(appId, key))
  }
}

export const isOf = (appId: string | null, key: string): boolean =>
  appId === null || key.startsWith(`${appId}/`)
