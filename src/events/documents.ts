import { randomUUID } from 'node:crypto'
import {
  documentLifetimeMs,
  maxBytesInAll,
  UploadMemory,
  type ArrivingDocument,
  type Document,
  type Documents,
  type WaitingDocument,
} from '../lib/documents.ts'
import { type Binding, type Sealed, Sealer } from '../lib/seal.ts'

/** A document at rest. Nothing here says what it is. */
export interface StoredDocument {
  readonly id: string
  readonly sealed: Sealed
  /** Bytes. */
  readonly size: number
}

/** Documents of all instances that wait for their submission. The time that counts is the store's. */
export interface DocumentStore {
  /** Until when it waits, in milliseconds since 1970; null when all that wait would take more room than this. */
  put(document: StoredDocument, lifetimeMs: number, room: number): Promise<number | null>
  /** Null once its time is over. */
  get(id: string): Promise<Sealed | null>
  drop(ids: readonly string[]): Promise<void>
  /** Deletes those whose time is over. */
  dropEnded(): Promise<void>
}

/** Documents in the store, sealed: whichever instance submits one finds it. */
export class SealedDocuments implements Documents {
  readonly missing =
    'No such document waits here: it was submitted, or it has waited for ten minutes. Upload it again.'
  readonly #store: DocumentStore
  readonly #sealer: Sealer
  readonly #memory = new UploadMemory(() => 0)

  constructor(store: DocumentStore, keys: readonly [string, ...string[]]) {
    this.#store = store
    this.#sealer = new Sealer(keys)
  }

  arriving(): ArrivingDocument {
    return this.#memory.arriving()
  }

  async put(document: Document): Promise<WaitingDocument | null> {
    const id = randomUUID()
    const stored = {
      id,
      sealed: this.#sealer.seal(pack(document), bindingOf(id)),
      size: document.bytes.length,
    }
    const until = await this.#store.put(stored, documentLifetimeMs, maxBytesInAll)
    return until === null ? null : { id, until }
  }

  /** One that no key opens is like none. */
  async get(id: string): Promise<Document | null> {
    const sealed = await this.#store.get(id)
    const packed = sealed && this.#sealer.open(sealed, bindingOf(id))
    return packed && unpack(packed.bytes)
  }

  forget(ids: readonly string[]): Promise<void> {
    return this.#store.drop(ids)
  }
}

const bindingOf = (id: string): Binding => ['document', id]

/** Its name and type are as private as what is in it: the length of both, both, and the bytes. */
function pack({ filename, type, bytes }: Document): Buffer {
  const head = Buffer.from(JSON.stringify({ filename, type }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, bytes])
}

function unpack(packed: Buffer): Document {
  const end = 4 + packed.readUInt32BE()
  const { filename, type } = JSON.parse(packed.toString('utf8', 4, end)) as Omit<Document, 'bytes'>
  return { filename, type, bytes: packed.subarray(end) }
}
