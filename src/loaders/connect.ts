import { toConnection, type Connection } from '../connection.ts'
import { GraphError } from '../graph/error.ts'
import { isCursor, type Page } from '../graph/paging.ts'

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

/** Where a Graph page begins, and how many of its rows to pass over. */
interface Position {
  readonly after: string | null
  readonly skip: number
}

/** A page size from 1 to 100; 25 when none is given. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPageSize
  if (size < 1 || size > maxPageSize) throw new GraphError('input', `first must be from 1 to ${maxPageSize}.`)
  return size
}

/**
 * One page of ours from as many of Graph's as it takes. Graph gives a cursor per page, so the cursor of a
 * row is its page's cursor and its place in it. `next` decides whether more follows, not a page's length.
 */
export async function connect<T>(
  args: ConnectionArgs,
  fetch: (limit: number, after: string | null) => Promise<Page<T>>,
  brought: Page<T> | null = null,
): Promise<Connection<T>> {
  const first = pageSize(args.first)
  let position = args.after == null ? { after: null, skip: 0 } : decode(args.after)
  let page = args.after == null ? brought : null
  const edges: { cursor: string; node: T }[] = []
  const visited = new Set<string | null>()
  for (let read = 0; read < maxGraphPages; read++) {
    visited.add(position.after)
    // Not only what is still wanted: of rows that are filtered, one at a time would take very many calls.
    const limit = Math.min(maxPageSize, position.skip + first)
    page ??= await (read === 0 ? fetch(limit, position.after) : unlessTooLate(fetch(limit, position.after)))
    if (page === null) break
    const taken = take(page, position, first - edges.length)
    edges.push(...taken.edges)
    if (taken.left || page.after === null) return finish(args, edges, taken.left)
    // A cursor that comes again would go round for ever.
    if (visited.has(page.after)) return finish(args, edges, false)
    if (edges.length === first) return finish(args, edges, true)
    // A row to pass over may stand further on: filtered pages of another size hold other rows.
    position = { after: page.after, skip: Math.max(0, position.skip - page.data.length) }
    page = null
  }
  // The caller goes on where reading stopped, even from a page that is short or empty.
  const { pageInfo } = finish(args, edges, true)
  return { edges, pageInfo: { ...pageInfo, endCursor: encode(position) } }
}

/** Null when the time is over: what was read before is no worse for that. */
async function unlessTooLate<T>(page: Promise<Page<T>>): Promise<Page<T> | null> {
  return page.catch((error: unknown) => {
    if (error instanceof GraphError && error.kind === 'timeout') return null
    throw error
  })
}

function take<T>(page: Page<T>, { after, skip }: Position, count: number) {
  const rows = page.data.slice(skip, skip + count)
  const edges = rows.map((node, index) => ({ cursor: encode({ after, skip: skip + index + 1 }), node }))
  return { edges, left: page.data.length > skip + count }
}

function finish<T>(
  { after }: ConnectionArgs,
  edges: Connection<T>['edges'],
  hasNextPage: boolean,
): Connection<T> {
  return toConnection(edges, { hasNextPage, hasPreviousPage: after != null })
}

function encode({ after, skip }: Position): string {
  return Buffer.from(`${skip}:${after ?? ''}`).toString('base64url')
}

function decode(cursor: string): Position {
  const match = /^(\d{1,3}):(.*)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  const after = match?.[2]
  if (!match || (after !== '' && !isCursor(after)))
    throw new GraphError('input', 'after is not a cursor of this list.')
  return { after: after || null, skip: Number(match[1]) }
}
