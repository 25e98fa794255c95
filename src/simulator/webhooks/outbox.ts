import { type Sending, attempt, pause, untilTaken } from './attempt.ts'
import type { Receipt } from './post.ts'
import { type Queue, createQueue } from './queue.ts'

/** How webhooks to one app go out from now on. */
export interface Manner {
  /** Further copies of each. */
  readonly duplicate: number
  /** How long each waits; with `reorder`, how long one is kept back at most. */
  readonly delayMs: number
  /** Every second one overtakes the one before it. */
  readonly reorder: boolean
}

export interface Outbox {
  /** Queues a webhook that is retried until the callback answers 200. */
  emit(appId: string, bytes: Buffer): void
  /** Delivers once and tells what came back; in turn behind what is queued, unless it may overtake. */
  once(appId: string, bytes: Buffer, secret: string | undefined, overtake: boolean): Promise<Receipt>
  behave(appId: string, manner: Manner): void
  pending(): number
  /** Drops everything that waits, also deliveries in progress. */
  clear(): void
}

interface Line {
  readonly queue: Queue
  manner: Manner
  held: { readonly bytes: Buffer; readonly timer: NodeJS.Timeout } | undefined
}

const usualHold = 250
const usual: Manner = { duplicate: 0, delayMs: 0, reorder: false }

/** One line per app: a webhook waits until the one before it was taken. */
export function createOutbox(sending: Sending): Outbox {
  let lines = new Map<string, Line>()
  let stop = new AbortController()

  const lineOf = (appId: string): Line => {
    const line = lines.get(appId) ?? { queue: createQueue(), manner: usual, held: undefined }
    lines.set(appId, line)
    return line
  }

  const enqueue = (appId: string, { queue, manner }: Line, bytes: Buffer): void => {
    const { signal } = stop
    if (manner.delayMs > 0 && !manner.reorder) queue.push(() => pause(manner.delayMs, signal))
    for (let copy = 0; copy <= manner.duplicate; copy += 1) {
      queue.push(() => untilTaken(sending, appId, bytes, signal))
    }
  }

  const release = (appId: string, line: Line): void => {
    const { held } = line
    line.held = undefined
    clearTimeout(held?.timer)
    if (held !== undefined) enqueue(appId, line, held.bytes)
  }

  const emit = (appId: string, bytes: Buffer): void => {
    const line = lineOf(appId)
    if (line.manner.reorder && line.held === undefined) {
      line.held = { bytes, timer: setTimeout(() => release(appId, line), line.manner.delayMs || usualHold) }
    } else {
      enqueue(appId, line, bytes)
      release(appId, line)
    }
  }

  const once: Outbox['once'] = (appId, bytes, secret, overtake) => {
    const { signal } = stop
    if (overtake) return attempt(sending, appId, bytes, signal, secret)
    return new Promise((resolve) => {
      const dropped = (): void => resolve({ status: 0, error: 'CLEARED' })
      signal.addEventListener('abort', dropped)
      lineOf(appId).queue.push(async () => {
        resolve(await attempt(sending, appId, bytes, signal, secret))
        signal.removeEventListener('abort', dropped)
      })
    })
  }

  const pending = (): number =>
    [...lines.values()].reduce((sum, line) => sum + line.queue.size() + (line.held === undefined ? 0 : 1), 0)

  const clear = (): void => {
    for (const { queue, held } of lines.values()) {
      clearTimeout(held?.timer)
      queue.clear()
    }
    lines = new Map()
    stop.abort()
    stop = new AbortController()
  }

  const behave = (appId: string, manner: Manner): void => {
    lineOf(appId).manner = manner
  }

  return { emit, once, behave, pending, clear }
}
