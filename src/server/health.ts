import type { ServerResponse } from 'node:http'
import type { Intake } from './intake.ts'
import type { Parts } from './parts.ts'
import { replyJson } from './reply.ts'

/** Alive: the process answers. */
export function live(response: ServerResponse): void {
  replyJson(response, 200, { status: 'live' })
}

/** Ready: the store can be read and takes webhooks, and the process is not stopping. */
export async function ready(parts: Parts, intake: Intake, response: ServerResponse): Promise<void> {
  const store = await parts.log.head().then(
    () => true,
    () => false,
  )
  const isReady = store && !intake.isFailing && !parts.draining.aborted
  replyJson(response, isReady ? 200 : 503, {
    status: isReady ? 'ready' : parts.draining.aborted ? 'stopping' : 'no store',
  })
}
