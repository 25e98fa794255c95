import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

export type DecodedCursor = { readonly seq: number } | { readonly problem: string }

const [idBytes, seqBytes, sealBytes] = [8, 6, 8]
const sealAt = idBytes + seqBytes
const size = sealAt + sealBytes
const characters = Math.ceil((size * 4) / 3)

const strange = { problem: 'This is not a cursor of the event log.' }

/**
 * Positions in one log as clients get them: opaque, and sealed with a key that only the store knows. A client cannot make
 * one up, and so cannot miss events without being told.
 */
export class Cursors {
  readonly #id: Buffer
  readonly #key: KeyObject

  /** The log's id is 16 hexadecimal digits. */
  constructor(logId: string, key: string) {
    this.#id = Buffer.from(logId, 'hex')
    this.#key = createSecretKey(Buffer.from(key))
  }

  encode(seq: number): string {
    const bytes = Buffer.alloc(size)
    this.#id.copy(bytes)
    bytes.writeUIntBE(seq, idBytes, seqBytes)
    this.#seal(bytes).copy(bytes, sealAt, 0, sealBytes)
    return bytes.toString('base64url')
  }

  decode(cursor: string): DecodedCursor {
    const bytes = bytesOf(cursor)
    if (bytes === null) return strange
    if (!bytes.subarray(0, idBytes).equals(this.#id))
      return { problem: 'This cursor belongs to another event log.' }
    const seal = this.#seal(bytes).subarray(0, sealBytes)
    return timingSafeEqual(seal, bytes.subarray(sealAt))
      ? { seq: bytes.readUIntBE(idBytes, seqBytes) }
      : strange
  }

  #seal(bytes: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(bytes.subarray(0, sealAt)).digest()
  }
}

/** Buffer ignores characters outside the alphabet when it decodes, so only a text that encodes to itself is accepted. */
function bytesOf(cursor: string): Buffer | null {
  if (cursor.length !== characters) return null
  const bytes = Buffer.from(cursor, 'base64url')
  return bytes.length === size && bytes.toString('base64url') === cursor ? bytes : null
}
