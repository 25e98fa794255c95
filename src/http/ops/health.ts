import type { ServerResponse } from 'node:http'
import type { Parts } from '../parts.ts'
import { replyJson } from '../reply.ts'

/** Alive: the process answers. */
export function live(response: ServerResponse): void {
  replyJson(response, 200, { status: 'live' })
}

/** Ready: the store can be read and written, and the process is not stopping. */
export async function ready(parts: Parts, response: ServerResponse): Promise<void> {
  const isRead = await parts.log.head().then(
    () => true,
    () => false,
  )
  const isReady = isRead && !parts.draining.aborted && (await parts.storeWatch.takesWrites())
  replyJson(response, isReady ? 200 : 503, {
    status: isReady ? 'ready' : parts.draining.aborted ? 'stopping' : 'no store',
  })
}
