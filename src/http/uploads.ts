import type { IncomingMessage, ServerResponse } from 'node:http'
import { replyError } from './reply.ts'

/** Bytes of a body have to come in each window of time, and in the end at this rate. A line of 64 kbit/s is fast enough. */
const windowMs = 10_000
const leastPerWindow = 10 * 1024
const leastPerSecond = 8 * 1024
const lookMs = 1_000

export interface Progress {
  readonly beganAt: number
  /** When the last window began, and how many bytes had come by then. */
  readonly windowAt: number
  readonly before: number
  /** What the body says that it has; null when it does not say it. */
  readonly length: number | null
}

/** How a body of which so many bytes have come stands now: null when it is too slow. */
export function progressOf(progress: Progress, bytes: number, now: number): Progress | null {
  const { beganAt, windowAt, before, length } = progress
  const mostMs = windowMs + ((length ?? bytes) / leastPerSecond) * 1000
  if (now - beganAt > mostMs) return null
  if (now - windowAt < windowMs) return progress
  return bytes - before < leastPerWindow ? null : { ...progress, windowAt: now, before: bytes }
}

interface Upload {
  readonly response: ServerResponse
  progress: Progress
  /** Bytes of the body so far. */
  come(): number
}

/**
 * Bodies that do not come at once are timed by their progress, so that a large one may take its time on a slow line and
 * nobody holds a connection with a byte now and then.
 */
export class Uploads {
  readonly #now: () => number
  readonly #uploads = new Map<IncomingMessage, Upload>()
  #timer: NodeJS.Timeout | null = null

  constructor(now = (): number => performance.now()) {
    this.#now = now
  }

  /** To be called when the headers have come. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    // Most bodies are in the same packet as their headers: after this turn they are complete.
    process.nextTick(() => {
      if (!request.complete && !request.destroyed) this.#begin(request, response)
    })
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket, headers } = request
    const [now, first] = [this.#now(), socket.bytesRead]
    const length = headers['content-length'] === undefined ? null : Number(headers['content-length'])
    const progress = { beganAt: now, windowAt: now, before: 0, length }
    this.#uploads.set(request, { response, progress, come: () => socket.bytesRead - first })
    request.once('end', () => this.#end(request)).once('close', () => this.#end(request))
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
  }

  #end(request: IncomingMessage): void {
    this.#uploads.delete(request)
    if (this.#timer === null || this.#uploads.size > 0) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #look(): void {
    for (const [request, upload] of this.#uploads) {
      const { response, come } = upload
      const progress = progressOf(upload.progress, come(), this.#now())
      if (progress) {
        upload.progress = progress
        continue
      }
      this.#end(request)
      // Whoever has been answered already is cut off by the server.
      if (!response.headersSent) refuse(response)
    }
  }
}

function refuse(response: ServerResponse): void {
  const message = 'The body came too slowly. Send it again, at 8 KB a second at least.'
  replyError(response.setHeader('connection', 'close'), 408, 'REQUEST_TIMEOUT', message)
}
