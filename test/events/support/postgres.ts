import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import type { NewEvent, StoredEvent } from '../../../src/events/event.ts'
import { follow } from '../../../src/events/follow.ts'
import { StoreUnavailable, type Appended, type EventLog } from '../../../src/events/log.ts'
import type { PostgresLog } from '../../../src/events/postgres/log.ts'
import { openPostgresLog, type PostgresOptions } from '../../../src/events/postgres/open.ts'
import { everything } from './events.ts'

/** A gateway's log on a database, that goes with the test. */
export async function instance(url: string, options: Partial<PostgresOptions> = {}): Promise<PostgresLog> {
  const log = await openPostgresLog(url, { pollMs: 1000, poolSize: 6, startPatienceMs: 0, ...options })
  onTestFinished(() => log.close())
  return log
}

/** A connection of somebody else, that goes with the test. */
export async function stranger(url: string): Promise<Client> {
  const client = new Client(url)
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end().catch(() => {}))
  return client
}

/** Appends as Meta does: again until it is acknowledged. */
export async function persistently(log: EventLog, events: readonly NewEvent[]): Promise<Appended> {
  for (;;) {
    try {
      return await log.append(events)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      await sleep(20)
    }
  }
}

/** Follows as a client does: where the stream breaks off it comes again with its last position. */
export async function followed(log: EventLog, count: number): Promise<readonly StoredEvent[]> {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const events: StoredEvent[] = []
  while (events.length < count && !stop.signal.aborted) {
    try {
      for await (const event of follow(log, events.at(-1)?.seq ?? 0, everything, stop.signal)) {
        events.push(event)
        if (events.length === count) break
      }
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      await sleep(20)
    }
  }
  return events
}
