import type { IncomingMessage } from 'node:http'
import type { Share } from './flight.ts'

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
