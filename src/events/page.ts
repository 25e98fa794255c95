import { toConnection, type Connection } from '../connection.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { StoredEvent } from './event.ts'
import type { EventFilter, EventLog } from './log.ts'

export interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

export class CursorRefused extends Error {
  override readonly name = 'CursorRefused'
}

/** The position that a client's cursor stands for. Throws CursorRefused for another log's or a forged one. */
export function positionOf(log: EventLog, argument: string, cursor: string): number {
  const decoded = decodeCursor(log.id, cursor)
  if ('seq' in decoded) return decoded.seq
  throw new CursorRefused(`${argument}: ${decoded.problem}`)
}

/** A page of the log between two positions, from its beginning or, with `last`, from its end. */
export async function pageOfEvents(
  log: EventLog,
  filter: EventFilter,
  args: PageArgs,
): Promise<Connection<StoredEvent>> {
  if (args.first != null && args.last != null)
    throw new CursorRefused('first and last: only one of them may be given.')
  const after = args.after == null ? 0 : positionOf(log, 'after', args.after)
  const before = args.before == null ? Number.MAX_SAFE_INTEGER : positionOf(log, 'before', args.before)
  return args.last == null
    ? forwards(log, filter, after, before, sizeOf('first', args.first))
    : backwards(log, filter, after, before, sizeOf('last', args.last))
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
    events.map((node) => ({ cursor: encodeCursor(log.id, node.seq), node })),
    neighbours,
  )
}

type Neighbours = Parameters<typeof toConnection>[1]
