import type { Server, ServerResponse } from 'node:http'
import { replyError } from './reply.ts'

/** Bytes of a body have to come in each window of time, and in the end at this rate. A line of 64 kbit/s is fast enough. */
const windowMs = 10_000
const leastPerWindow = 10 * 1024
const leastPerSecond = 8 * 1024
const lookMs = 1_000

export interface BodyProgress {
  readonly beganAt: number
  /** When the last window began, and how many bytes had come by then. */
  readonly windowAt: number
  readonly before: number
  /** What the body says that it has; null when it does not say it. */
  readonly length: number | null
}

/** How a body of which so many bytes have come stands now: null when it is too slow. */
export function progressOf(progress: BodyProgress, bytes: number, now: number): BodyProgress | null {
  const { beganAt, windowAt, before, length } = progress
  const mostMs = windowMs + ((length ?? bytes) / leastPerSecond) * 1000
  if (now - beganAt > mostMs) return null
  if (now - windowAt < windowMs) return progress
  return bytes - before < leastPerWindow ? null : { ...progress, windowAt: now, before: bytes }
}

interface Body {
  /** What its connection had brought before it was first looked at. */
  readonly first: number
  progress: BodyProgress
}

/**
 * Bodies are timed by their progress, so that a large one may take its time on a slow line, and nobody holds a connection
 * with a byte now and then. `answers`: those that are under way. They are looked at once a second, which costs a request
 * that is answered at once nothing.
 */
export function timeBodies(
  server: Server,
  answers: ReadonlySet<ServerResponse>,
  countRefused: (what: 'slow-body') => void,
): void {
  const bodies = new WeakMap<ServerResponse, Body>()
  const look = (): void => {
    const now = performance.now()
    for (const answer of answers) {
      if (answer.req.complete || answer.headersSent || progresses(answer, bodies, now)) continue
      countRefused('slow-body')
      refuse(answer)
    }
  }
  const timer = setInterval(look, lookMs).unref()
  server.once('close', () => clearInterval(timer))
}

function progresses(answer: ServerResponse, bodies: WeakMap<ServerResponse, Body>, now: number): boolean {
  const { socket, headers } = answer.req
  const known = bodies.get(answer)
  const body = known ?? { first: socket.bytesRead, progress: beginning(headers['content-length'], now) }
  const progress = progressOf(body.progress, socket.bytesRead - body.first, now)
  if (progress === null) return false
  body.progress = progress
  if (!known) bodies.set(answer, body)
  return true
}

function beginning(length: string | undefined, now: number): BodyProgress {
  return { beganAt: now, windowAt: now, before: 0, length: length === undefined ? null : Number(length) }
}

function refuse(response: ServerResponse): void {
  const message = 'The body came too slowly. Send it again, at 8 KB a second at least.'
  replyError(response.setHeader('connection', 'close'), 408, 'REQUEST_TIMEOUT', message)
}
