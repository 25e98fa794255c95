import { setTimeout as pause } from 'node:timers/promises'
import type { Ctx } from '../context.ts'
import type { NewEvent } from '../events/event.ts'
import type { Untold } from '../events/writes.ts'

interface Parts extends Pick<Ctx, 'log' | 'writes' | 'clock' | 'logger'> {
  /** Keeps what else whoever did the write would have kept. */
  readonly keep: (event: NewEvent) => Promise<void>
}

const roundMs = 60_000
const atOnce = 200
/** After this time whoever did a write has read it back and told of it, or is dead. */
const leftAfterMs = 60_000

/**
 * Tells what was left untold by a process that died between Graph's answer and the event: at the start and each minute.
 * Several instances may do it at once, since an event of a write is stored once.
 */
export async function tellWhatIsLeft(parts: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tellRound(parts, signal).catch((error: unknown) =>
      parts.logger.error({ err: error }, 'writes that nobody has told of could not be looked for'),
    )
    await pause(roundMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

async function tellRound(parts: Parts, signal: AbortSignal): Promise<void> {
  const left = await parts.writes.untold(parts.clock() - leftAfterMs, atOnce)
  for (const one of left) {
    if (signal.aborted) return
    await tellOne(parts, one)
  }
}

async function tellOne(
  { log, writes, clock, logger, keep }: Parts,
  { id, startedAt, untold }: Untold,
): Promise<void> {
  const now = clock()
  try {
    const events = JSON.parse(untold) as readonly NewEvent[]
    await Promise.all(events.map(keep))
    await log.append(events.map((event) => ({ ...event, receivedAt: now })))
    await writes.told(id, startedAt)
  } catch (error) {
    logger.error({ err: error, verb: id.verb }, 'a write that nobody has told of could not be told')
  }
}
