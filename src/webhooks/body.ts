import type { IncomingMessage } from 'node:http'

/** Of bodies that are being received or handled, in all: anybody can send some, and Meta repeats what is refused. */
const maxInFlight = 64 * 1024 * 1024
/** What a chunk costs beside its bytes: a body that comes byte by byte takes far more memory than it has bytes. */
const perChunk = 512

/** The memory that bodies may take together. */
export class Flight {
  readonly #most: number
  #taken = 0

  constructor(most: number = maxInFlight) {
    this.#most = most
  }

  /** A body's share of it, to be given back when the body is no longer needed. */
  board(): Share {
    let share = 0
    const take = (bytes: number): boolean => {
      const size = bytes + perChunk
      if (this.#taken + size > this.#most) return false
      this.#taken += size
      share += size
      return true
    }
    const leave = (): void => {
      this.#taken -= share
      share = 0
    }
    return { take, leave }
  }
}

export interface Share {
  /** False, and nothing taken, when there is no room for a chunk of so many bytes. */
  take(bytes: number): boolean
  leave(): void
}

/** Meta sends up to 3 MB ("Webhooks overview"); the rest is room for what a proxy may add. */
const maxBody = 3_500_000

type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too large' }
  | { readonly kind: 'no room' }
  | { readonly kind: 'gone' }

/** The exact bytes of the body. Stops at the limit, or where there is no room: no more than that is ever held. */
export function readBody(req: IncomingMessage, share: Share): Promise<BodyResult> {
  if (Number(req.headers['content-length'] ?? 0) > maxBody) return Promise.resolve({ kind: 'too large' })
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (result: BodyResult): void => {
      req.off('data', onData)
      chunks.length = 0
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > maxBody) finish({ kind: 'too large' })
      else if (!share.take(chunk.length)) finish({ kind: 'no room' })
      else chunks.push(chunk)
    }
    req.on('data', onData)
    req.once('end', () => finish({ kind: 'body', bytes: Buffer.concat(chunks, size) }))
    req.on('error', () => finish({ kind: 'gone' }))
    req.once('close', () => finish({ kind: 'gone' }))
  })
}
