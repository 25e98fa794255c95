import { type Connection, toConnection } from '../lib/connection.ts'
import type { StoredEvent } from './event.ts'
import type { EventFilter, EventLog } from './log.ts'

export interface EventPageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

export class CursorRefused extends Error {
  override readonly name = 'CursorRefused'
}

/** Retention has deleted events behind the cursor. */
export class CursorExpired extends Error {
  override readonly name = 'CursorExpired'
  /** The cursor behind which nothing is missing. */
  readonly resumeFrom: string

  constructor(log: EventLog, start: number) {
    super('Events behind this cursor are gone from the log. Query the state, and go on from now.')
    this.resumeFrom = log.cursors.encode(start)
  }
}

const ahead =
  'This cursor is ahead of the event log, which was restored to an earlier time. Query the state, and go on from now.'

/**
 * The position of a client's cursor. Throws CursorRefused for a cursor that this log did not issue, or that is ahead of it.
 */
export async function positionOf(log: EventLog, argument: string, cursor: string): Promise<number> {
  const decoded = log.cursors.decode(cursor)
  if ('problem' in decoded) throw new CursorRefused(`${argument}: ${decoded.problem}`)
  if (decoded.seq > (await log.head())) throw new CursorRefused(`${argument}: ${ahead}`)
  return decoded.seq
}

/**
 * A page of the log between two positions: from its beginning or, with `last`, from its end. Throws CursorExpired when
 * retention has deleted events behind `after`.
 */
export async function pageOfEvents(
  log: EventLog,
  filter: EventFilter,
  args: EventPageArgs,
): Promise<Connection<StoredEvent>> {
  if (args.first != null && args.last != null)
    throw new CursorRefused('first and last: only one of them may be given.')
  const after = args.after == null ? 0 : await positionOf(log, 'after', args.after)
  const before = args.before == null ? Number.MAX_SAFE_INTEGER : await positionOf(log, 'before', args.before)
  const page = await (args.last == null
    ? forwards(log, filter, after, before, sizeOf('first', args.first))
    : backwards(log, filter, after, before, sizeOf('last', args.last)))
  if (args.after != null) await assertNothingExpired(log, after)
  return page
}

/** Checked after the read, because retention may have deleted events during it. */
async function assertNothingExpired(log: EventLog, after: number): Promise<void> {
  const start = await log.start()
  if (after < start) throw new CursorExpired(log, start)
}

function sizeOf(name: string, size: number | null | undefined): number {
  if (size == null) return 25
  if (size >= 1 && size <= 100) return size
  throw new CursorRefused(`${name} must be from 1 to 100.`)
}

async function forwards(log: EventLog, filter: EventFilter, after: number, before: number, size: number) {
  const { events } = await log.readAfter(after, filter, size + 1)
  const inside = events.filter((event) => event.seq < before)
  return page(log, inside.slice(0, size), {
    hasNextPage: inside.length > size,
    hasPreviousPage: after > 0,
  })
}

async function backwards(log: EventLog, filter: EventFilter, after: number, before: number, size: number) {
  const events = await log.readBefore(before, filter, size + 1)
  const inside = events.filter((event) => event.seq > after)
  const flags = { hasNextPage: before < Number.MAX_SAFE_INTEGER, hasPreviousPage: inside.length > size }
  return page(log, inside.slice(-size), flags)
}

function page(
  log: EventLog,
  events: readonly StoredEvent[],
  neighbours: Neighbours,
): Connection<StoredEvent> {
  return toConnection(
    events.map((node) => ({ cursor: log.cursors.encode(node.seq), node })),
    neighbours,
  )
}

type Neighbours = Parameters<typeof toConnection>[1]

const backPageSize = 500

/** The events received since a time, oldest first. */
export async function eventsReceivedSince(
  log: Pick<EventLog, 'readBefore'>,
  filter: EventFilter,
  since: number,
): Promise<readonly StoredEvent[]> {
  let found: readonly StoredEvent[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await log.readBefore(before, filter, backPageSize)
    const [oldest] = page
    found = [...page, ...found]
    if (page.length < backPageSize || !oldest || oldest.receivedAt < since) break
    before = oldest.seq
  }
  return found.filter(({ receivedAt }) => receivedAt >= since)
}
