import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Store } from './store.ts'

const dayMs = 24 * 60 * 60_000
const batch = 500
const roundMs = 60 * 60_000

/**
 * Deletes what is older than `days` by the store's clock, each hour until the signal ends; in small batches, so that webhooks are stored
 * meanwhile.
 */
export async function runRetention(
  days: number,
  store: Store,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await deleteOlder(store, days * dayMs, signal).catch((error: unknown) =>
      logger.error({ err: error }, 'old events could not be deleted'),
    )
    await sleep(roundMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

async function deleteOlder(
  { log, deadLetters, writes, now }: Store,
  ageMs: number,
  signal: AbortSignal,
): Promise<void> {
  const time = (await now()) - ageMs
  const takes = [
    log.deleteBefore.bind(log),
    deadLetters.deleteHandledBefore.bind(deadLetters),
    writes.deleteEndedBefore.bind(writes),
  ]
  for (const take of takes) while (!signal.aborted && (await take(time, batch)) > 0) await sleep(10)
}

/** Runs a task that deletes what has ended, at once and then each `everyMs` until the signal ends. */
export async function runTidying(
  task: () => Promise<void>,
  everyMs: number,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await task().catch((error: unknown) =>
      logger.error({ err: error }, 'what has ended could not be deleted'),
    )
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
  }
}
