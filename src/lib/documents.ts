import { randomUUID } from 'node:crypto'

/** A document of a customer, for the time between its upload and its submission. */
export interface Document {
  readonly filename: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** Documents that wait for their submission, for minutes only: they are a business's papers and nobody's to keep. */
export interface Documents {
  /** An upload's share of the memory, until it leaves. Once something of it found no room, it has no share any more. */
  arriving(): ArrivingDocument
  /** An id to submit it by, and until when; null when there is no room. */
  put(document: Document): Promise<WaitingDocument | null>
  get(id: string): Promise<Document | null>
  forget(ids: readonly string[]): Promise<void>
  /** What somebody is told whose document is not here. */
  readonly missing: string
}

export interface WaitingDocument {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly until: number
}

export interface ArrivingDocument {
  /** Whether everything so far has found room. */
  readonly isWhole: boolean
  take(bytes: number): boolean
  leave(): void
}

/** Of one document: Meta's guide "Partner-led business verification". */
export const maxDocumentBytes = 5 * 1024 * 1024
export const maxBytesInAll = 20 * maxDocumentBytes
export const documentLifetimeMs = 10 * 60_000

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

/** The memory of this process that uploads take while they come. */
export class UploadMemory {
  readonly #held: () => number
  #arriving = 0

  /** `held`: what documents that have come take of the same memory. */
  constructor(held: () => number) {
    this.#held = held
  }

  hasRoomFor(bytes: number): boolean {
    return this.#held() + this.#arriving + bytes <= maxBytesInAll
  }

  arriving(): ArrivingDocument {
    let [share, isWhole] = [0, true]
    const leave = (): void => {
      this.#arriving -= share
      share = 0
    }
    const take = (bytes: number): boolean => {
      isWhole &&= this.hasRoomFor(bytes)
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
}

interface HeldDocument extends Document {
  readonly until: number
}

/** Documents in the memory of this process and nowhere else. */
export class MemoryDocuments implements Documents {
  readonly missing: string
  readonly #held = new Map<string, HeldDocument>()
  readonly #memory = new UploadMemory(() => this.#bytes)
  readonly #clock: () => number

  /** `isAlone`: no other instance serves the same clients. */
  constructor(clock: () => number, isAlone: boolean) {
    this.#clock = clock
    this.missing = isAlone
      ? 'No such document waits here: upload it to this gateway again.'
      : 'No such document waits at this instance, and without TOKEN_ENCRYPTION_KEY none finds what another one has: upload it ' +
        'again and submit it over the same connection, or give all instances a key.'
  }

  arriving(): ArrivingDocument {
    return this.#memory.arriving()
  }

  async put(document: Document): Promise<WaitingDocument | null> {
    if (!this.#memory.hasRoomFor(document.bytes.length)) return null
    const [id, until] = [randomUUID(), this.#clock() + documentLifetimeMs]
    this.#held.set(id, { ...document, until })
    return { id, until }
  }

  async get(id: string): Promise<Document | null> {
    this.#forgetOld()
    return this.#held.get(id) ?? null
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#held.delete(id)
  }

  get #bytes(): number {
    this.#forgetOld()
    return [...this.#held.values()].reduce((sum, document) => sum + document.bytes.length, 0)
  }

  #forgetOld(): void {
    const now = this.#clock()
    for (const [id, { until }] of this.#held) if (until <= now) this.#held.delete(id)
  }
}
