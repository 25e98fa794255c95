import type { IncomingMessage } from 'node:http'

/** All bodies that are being received or handled: anybody can send some, and Meta repeats what is refused. */
const maxBytesInAll = 64 * 1024 * 1024
/** What a chunk costs beside its bytes: a body that arrives byte by byte takes far more memory than it has bytes. */
const bytesPerChunk = 512

/** The memory that the bodies of all posts under way may take together. */
export class BodyMemory {
  readonly #maxBytes: number
  #taken = 0

  constructor(maxBytes: number = maxBytesInAll) {
    this.#maxBytes = maxBytes
  }

  /** A reservation for one body, which grows with its chunks and must be released when the body is no longer needed. */
  reserve(): BodyReservation {
    let reserved = 0
    const take = (bytes: number): boolean => {
      const size = bytes + bytesPerChunk
      if (this.#taken + size > this.#maxBytes) return false
      this.#taken += size
      reserved += size
      return true
    }
    const release = (): void => {
      this.#taken -= reserved
      reserved = 0
    }
    return { take, release }
  }
}

export interface BodyReservation {
  /** False when there is no memory for a chunk of so many bytes. Then nothing is taken. */
  take(bytes: number): boolean
  release(): void
}

/** Meta sends up to 3 MB ("Webhooks overview"); the rest is room for what a proxy may add. */
const maxBodyBytes = 3_500_000

type WebhookBody =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too large' }
  | { readonly kind: 'no room' }
  | { readonly kind: 'gone' }

/** The exact bytes of the body. Reading stops at the limit, or when the memory for bodies is used up. */
export function readWebhookBody(req: IncomingMessage, reservation: BodyReservation): Promise<WebhookBody> {
  if (Number(req.headers['content-length'] ?? 0) > maxBodyBytes) return Promise.resolve({ kind: 'too large' })
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (result: WebhookBody): void => {
      req.off('data', onData)
      chunks.length = 0
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > maxBodyBytes) finish({ kind: 'too large' })
      else if (!reservation.take(chunk.length)) finish({ kind: 'no room' })
      else chunks.push(chunk)
    }
    req.on('data', onData)
    req.once('end', () => finish({ kind: 'body', bytes: Buffer.concat(chunks, size) }))
    req.on('error', () => finish({ kind: 'gone' }))
    req.once('close', () => finish({ kind: 'gone' }))
  })
}
