import type { Item, Place } from './items.ts'

/** One connection of a subscriber. */
export interface Stream {
  /** Resolves when it is over, with the reason; never rejects. No item comes after. */
  readonly over: Promise<string>
  /** Leaves. */
  close(): void
}

export type Open = (url: string, place: Place, onItem: (item: Item) => void) => Stream
