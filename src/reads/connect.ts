import type { Connection } from '../lib/connection.ts'
import { GraphError } from '../graph/error.ts'
import { isDeadCursor, type Page } from '../graph/paging.ts'
import { beginning, markOf, readPosition } from './list-position.ts'
import { Walk, type WalkedRow } from './walk.ts'

export interface ConnectionArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

export const defaultPageSize = 25
const maxPageSize = 100
// Graph filters after it limits, so pages may be short or empty; this many are read for one of ours.
const maxGraphPages = 20

export const emptyPage: Page<never> = { data: [], after: null }

export function mapPage<A, B>({ data, after }: Page<A>, map: (row: A) => B): Page<B> {
  return { data: data.map(map), after }
}

/** A list that Graph gives page by page. */
export interface PagedList<T> {
  /** Which it is, with its filter and its order: a cursor of another one is refused. */
  readonly name: () => string
  /** `isOutdated` when what was read of the list before is known not to be true any more. */
  readonly fetch: (limit: number, after: string | null, isOutdated: boolean) => Promise<Page<T>>
}

/** A page size from 1 to 100; 25 when none is given. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPageSize
  if (size < 1 || size > maxPageSize) throw new GraphError('input', `first must be from 1 to ${maxPageSize}.`)
  return size
}

/**
 * One page of ours from as many of Graph's as it takes. A cursor holds Graph's own, for a page of Graph's to begin with,
 * and the rows that were passed last: so it stands for the same place when rows have come or gone before it, and when
 * they were so many that Graph's own is dead, the list is read from its beginning to the same rows. `next` decides whether
 * more follows, not a page's length.
 */
export async function connect<T extends WalkedRow>(
  args: ConnectionArgs,
  list: PagedList<T>,
  brought: Page<T> | null = null,
): Promise<Connection<T>> {
  const first = pageSize(args.first)
  const mark = once(() => markOf(list.name()))
  const place = args.after == null ? beginning : readPosition(mark(), args.after)
  const walk = new Walk<T>(mark, first, place)
  if (brought && args.after == null) walk.take(brought)
  let isOutdated = false
  for (let read = 0; read < maxGraphPages && !walk.isOver; read++) {
    const page: Page<T> | 'dead' | 'late' = await readNext(walk, list, isOutdated)
    if (page === 'late') break
    isOutdated = page === 'dead'
    if (page === 'dead') walk.startAgain()
    else walk.take(page)
  }
  return walk.result(args.after != null)
}

/** Too late is when the time is over after a page was read: what was read before is no worse for that. */
async function readNext<T extends WalkedRow>(
  walk: Walk<T>,
  { fetch }: PagedList<T>,
  isOutdated: boolean,
): Promise<Page<T> | 'dead' | 'late'> {
  try {
    return await fetch(walk.limit, walk.next, isOutdated)
  } catch (error) {
    if (walk.next !== null && isDeadCursor(error)) return 'dead'
    if (walk.hasRead && error instanceof GraphError && error.kind === 'timeout') return 'late'
    throw error
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
