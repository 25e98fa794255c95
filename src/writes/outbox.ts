import { setTimeout as pause } from 'node:timers/promises'
import type { Ctx } from '../context.ts'
import type { NewEvent } from '../events/event.ts'
import type { Unpublished } from '../events/writes.ts'

interface OutboxParts extends Pick<Ctx, 'log' | 'writes' | 'clock' | 'logger'> {
  /** Keeps what else whoever did the write would have kept. */
  readonly keep: (event: NewEvent) => Promise<void>
}

const roundMs = 60_000
const atOnce = 200
/** By the store's clock: after this time whoever did a write has read it back and published it, or is dead. */
const leftAfterMs = 60_000

/**
 * Transactional outbox: any instance publishes events that are left unpublished after 60 seconds, at its start and each
 * minute. Several may do it at once, since an event of a write is stored once.
 */
export async function publishLeft(parts: OutboxParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await publishRound(parts, signal).catch((error: unknown) =>
      parts.logger.error({ err: error }, 'the outbox of writes could not be read'),
    )
    await pause(roundMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

async function publishRound(parts: OutboxParts, signal: AbortSignal): Promise<void> {
  const left = await parts.writes.unpublished(leftAfterMs, atOnce)
  for (const one of left) {
    if (signal.aborted) return
    await publishOne(parts, one)
  }
}

async function publishOne(
  { log, writes, clock, logger, keep }: OutboxParts,
  { id, token, events }: Unpublished,
): Promise<void> {
  const now = clock()
  try {
    const left = JSON.parse(events) as readonly NewEvent[]
    await Promise.all(left.map(keep))
    await log.append(left.map((event) => ({ ...event, receivedAt: now })))
    await writes.markPublished(id, token)
  } catch (error) {
    logger.error({ err: error, verb: id.verb }, 'events of a write could not be published')
  }
}
