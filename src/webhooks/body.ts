import type { IncomingMessage } from 'node:http'

/** Meta sends up to 3 MB ("Webhooks overview"); the rest is room for what a proxy may add. */
const maxBody = 3_500_000

type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too large' }
  | { readonly kind: 'gone' }

/** The exact bytes of the body. Stops at the limit: no more than that is ever held. */
export function readBody(req: IncomingMessage, limit: number = maxBody): Promise<BodyResult> {
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.resolve({ kind: 'too large' })
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
      if (size > limit) finish({ kind: 'too large' })
      else chunks.push(chunk)
    }
    req.on('data', onData)
    req.once('end', () => finish({ kind: 'body', bytes: Buffer.concat(chunks, size) }))
    req.on('error', () => finish({ kind: 'gone' }))
    req.once('close', () => finish({ kind: 'gone' }))
  })
}
