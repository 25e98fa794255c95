import type { IncomingMessage } from 'node:http'
import type { BodyMemory, BodyReservation } from './body-memory.ts'

/** Meta sends up to 3 MB ("Webhooks overview"); the rest is room for what a proxy may add. */
const maxBodyBytes = 3_500_000

type WebhookBody =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too large' }
  | { readonly kind: 'no room' }
  | { readonly kind: 'gone' }

/**
 * The exact bytes of the body, for as long as `use` works with them. Reading stops at the limit, and when the memory for
 * bodies is used up or somebody else's gets it.
 */
export async function withWebhookBody(
  req: IncomingMessage,
  sender: string,
  memory: BodyMemory,
  use: (body: WebhookBody) => Promise<void>,
): Promise<void> {
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > maxBodyBytes) return use({ kind: 'too large' })
  const { promise: gaveWay, resolve } = Promise.withResolvers<WebhookBody>()
  const reservation = memory.reserve({ sender, announced }, () => resolve({ kind: 'no room' }))
  try {
    await use(await readBody(req, reservation, gaveWay))
  } finally {
    reservation.release()
  }
}

function readBody(
  req: IncomingMessage,
  reservation: BodyReservation,
  gaveWay: Promise<WebhookBody>,
): Promise<WebhookBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (result: WebhookBody): void => {
      req.off('data', onData).off('end', onEnd)
      chunks.length = 0
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > maxBodyBytes) finish({ kind: 'too large' })
      else if (!reservation.take(chunk.length)) finish({ kind: 'no room' })
      else chunks.push(chunk)
    }
    const onEnd = (): void => {
      reservation.complete()
      finish({ kind: 'body', bytes: Buffer.concat(chunks, size) })
    }
    req.on('data', onData)
    req.once('end', onEnd)
    req.on('error', () => finish({ kind: 'gone' }))
    req.once('close', () => finish({ kind: 'gone' }))
    void gaveWay.then(finish)
  })
}
