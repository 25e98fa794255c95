import { randomUUID } from 'node:crypto'

/** A document of a customer, for the time between its upload and its submission. */
export interface Document {
  readonly filename: string
  readonly type: string
  readonly bytes: Uint8Array
}

interface HeldDocument extends Document {
  readonly until: number
}

interface Arriving {
  /** Whether everything so far has found room. */
  readonly isWhole: boolean
  take(bytes: number): boolean
  leave(): void
}

/** Of one document: Meta's guide "Partner-led business verification". */
export const maxDocumentBytes = 5 * 1024 * 1024
const maxBytesInAll = 20 * maxDocumentBytes
const documentLifetimeMs = 10 * 60_000

// What a file of each kind that Meta takes begins with.
const kinds: readonly (readonly [type: string, beginning: readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
]

/** The media type of a document by its first bytes; null when it is none that Meta takes. */
export function documentType(bytes: Uint8Array): string | null {
  const kind = kinds.find(([, beginning]) => beginning.every((byte, index) => bytes[index] === byte))
  return kind?.[0] ?? null
}

/**
 * Documents that wait for their submission: in the memory of this process and for minutes only, since they are a
 * business's papers and nobody's to keep.
 */
export class Documents {
  readonly #held = new Map<string, HeldDocument>()
  readonly #clock: () => number
  /** Bytes of uploads that have not ended: they take memory like those that have. */
  #arriving = 0

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** An upload's share of the room, until it leaves. Once something of it found no room, it has no share any more. */
  arriving(): Arriving {
    let [share, isWhole] = [0, true]
    const leave = (): void => {
      this.#arriving -= share
      share = 0
    }
    const take = (bytes: number): boolean => {
      isWhole &&= this.#hasRoomFor(bytes)
      if (!isWhole) {
        leave()
        return false
      }
      this.#arriving += bytes
      share += bytes
      return true
    }
    return {
      take,
      leave,
      get isWhole() {
        return isWhole
      },
    }
  }

  /** An id to submit it by; null when there is no room. */
  put(document: Document): { readonly id: string; readonly until: number } | null {
    if (!this.#hasRoomFor(document.bytes.length)) return null
    const [id, until] = [randomUUID(), this.#clock() + documentLifetimeMs]
    this.#held.set(id, { ...document, until })
    return { id, until }
  }

  get(id: string): Document | null {
    this.#forgetOld()
    return this.#held.get(id) ?? null
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.#held.delete(id)
  }

  #hasRoomFor(bytes: number): boolean {
    this.#forgetOld()
    const held = [...this.#held.values()].reduce((sum, document) => sum + document.bytes.length, 0)
    return held + this.#arriving + bytes <= maxBytesInAll
  }

  #forgetOld(): void {
    const now = this.#clock()
    for (const [id, { until }] of this.#held) if (until <= now) this.#held.delete(id)
  }
}
