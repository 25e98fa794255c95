import { toConnection, type Connection } from '../lib/connection.ts'
import type { Page } from '../graph/paging.ts'
import { ListChanged, locate, beginning, writePosition, type ListPosition } from './list-position.ts'

export interface WalkedRow {
  readonly id: string
}

const mostAhead = 15
const mostRestarts = 2
const most = 100

/**
 * The way along Graph's pages to one page of ours. What was passed is known by the ids of its last rows, so that the
 * place is found again whatever has come or gone before it.
 */
export class Walk<T extends WalkedRow> {
  readonly #mark: () => string
  readonly #first: number
  readonly #edges: Edge<T>[] = []
  /** Rows that were passed, in the order of the list. */
  #trail: string[]
  /** Rows that were shown and have not come up since: they may stand further on. */
  #ahead: readonly string[]
  /** All that is not to be shown again. */
  readonly #known: Set<string>
  #page: string | null
  /** Of the page that is read next; null while the place has to be looked for. */
  #passed: number | null
  /** What was read while the place is looked for; null when it is known. */
  #unplaced: PlacedRow<T>[] | null
  readonly #visited = new Set<string | null>()
  /** Where nothing is left out when the place is not found. */
  #safe: ListPosition
  #restarts = 0
  #hasRead = false
  #hasMore: boolean | null = null

  constructor(mark: () => string, first: number, { page, passed, rows, ahead }: ListPosition) {
    this.#mark = mark
    this.#first = first
    this.#trail = [...rows]
    this.#ahead = ahead
    this.#known = new Set([...rows, ...ahead])
    this.#page = page
    this.#passed = passed
    this.#unplaced = passed === 0 ? null : []
    this.#safe = { ...beginning, page: passed === null ? null : page }
  }

  get isOver(): boolean {
    return this.#hasMore !== null
  }

  get hasRead(): boolean {
    return this.#hasRead
  }

  /** Graph's cursor of the page to read next; null for the first. */
  get next(): string | null {
    return this.#page
  }

  /** Not only what is still wanted: of rows that are filtered, one at a time would take very many calls. */
  get limit(): number {
    return Math.min(most, (this.#passed ?? most) + this.#first)
  }

  /** The page that was to be read. */
  take({ data, after }: Page<T>): void {
    this.#hasRead = true
    this.#visited.add(this.#page)
    // A cursor that comes again would go round for ever.
    const isLast = after === null || this.#visited.has(after)
    const page = { begin: this.#page, after: isLast ? null : after, size: data.length }
    const rows = data.map((node, index) => ({ node, page, index }))
    if (this.#unplaced === null) this.#show(rows)
    else this.#seek(rows, isLast)
    if (this.isOver) return
    if (isLast) this.#hasMore = false
    else if (this.#edges.length === this.#first) this.#hasMore = true
    else this.#goOn(after)
  }

  /** From the beginning, since Graph no longer takes its cursor: behind what was passed so far. */
  startAgain(): void {
    const isBehind = this.#trail.length > 0
    this.#page = null
    this.#passed = isBehind ? null : 0
    this.#unplaced = isBehind ? [] : null
    this.#safe = beginning
    this.#visited.clear()
    if (++this.#restarts > mostRestarts) this.#giveUp('The list changes while it is read.', this.#place())
  }

  /** Where reading stopped, the caller goes on, even from a page that is short or empty. */
  result(hasPreviousPage: boolean): Connection<T> {
    const connection = toConnection(this.#edges, { hasNextPage: this.#hasMore ?? true, hasPreviousPage })
    if (this.isOver) return connection
    const endCursor = writePosition(this.#mark(), this.#place())
    return { edges: connection.edges, pageInfo: { ...connection.pageInfo, endCursor } }
  }

  #place(): ListPosition {
    const rows = lastOf(this.#trail, this.#trail.length)
    return { page: this.#page, passed: this.#passed, rows, ahead: this.#ahead }
  }

  #goOn(after: string): void {
    const isPlaced = this.#unplaced === null
    if (isPlaced) for (const id of this.#trail) this.#known.add(id)
    this.#page = after
    this.#passed = isPlaced ? 0 : null
  }

  #show(rows: readonly PlacedRow<T>[]): void {
    for (const row of rows) {
      const { id } = row.node
      const isKnown = this.#known.has(id)
      if (!isKnown && this.#edges.length === this.#first) {
        this.#hasMore = true
        return
      }
      this.#trail.push(id)
      if (isKnown) this.#ahead = this.#ahead.filter((one) => one !== id)
      else this.#edges.push(new Edge(this.#mark, row, this.#trail, this.#ahead))
    }
  }

  #seek(rows: readonly PlacedRow<T>[], isLast: boolean): void {
    const all = [...(this.#unplaced ?? []), ...rows]
    const ids = all.map(({ node }) => node.id)
    const shown = [...lastOf(this.#trail, this.#trail.length), ...this.#ahead]
    const found = locate(ids, shown, isLast)
    this.#unplaced = all
    if (found === null) return
    // What was shown later than the row before the place, and has not come up since.
    const ahead = found === 'lost' ? [] : shown.slice(shown.indexOf(ids[found - 1] ?? '') + 1)
    if (found === 'lost' || ahead.length > mostAhead)
      return this.#giveUp('The rows behind which this page was to begin are gone from the list.', this.#safe)
    this.#ahead = isLast ? ahead.filter((id) => ids.includes(id)) : ahead
    this.#trail = ids.slice(0, found)
    this.#unplaced = null
    this.#show(all.slice(found))
  }

  /** A page that has rows already is short; the next one says it. */
  #giveUp(why: string, place: ListPosition): void {
    this.#hasMore = true
    if (this.#edges.length > 0) return
    const how = 'Go on with `resumeFrom`, which leaves nothing out and may show some of it again.'
    throw new ListChanged(`${why} ${how}`, writePosition(this.#mark(), place))
  }
}

/** A page of Graph's: between which of its cursors it lies, and how many rows it has. */
interface GraphPage {
  readonly begin: string | null
  readonly after: string | null
  readonly size: number
}

export interface PlacedRow<T> {
  readonly node: T
  readonly page: GraphPage
  readonly index: number
}

/** A row with its cursor, which is made when it is asked for. */
export class Edge<T> {
  readonly node: T
  readonly #mark: () => string
  readonly #row: PlacedRow<T>
  readonly #trail: readonly string[]
  readonly #passed: number
  readonly #ahead: readonly string[]

  constructor(mark: () => string, row: PlacedRow<T>, trail: readonly string[], ahead: readonly string[]) {
    this.node = row.node
    this.#mark = mark
    this.#row = row
    this.#trail = trail
    this.#passed = trail.length
    this.#ahead = ahead
  }

  get cursor(): string {
    const { page, index } = this.#row
    const passed = { rows: lastOf(this.#trail, this.#passed), ahead: this.#ahead }
    const isEnd = page.after !== null && index === page.size - 1
    const place = isEnd ? { page: page.after, passed: 0 } : { page: page.begin, passed: index + 1 }
    return writePosition(this.#mark(), { ...place, ...passed })
  }
}

// One row is enough as long as it stays; of five side by side, two may go and the place is still plain.
const neighbours = 5

/** Of the rows that were passed so far, those by which the place is found again. */
export const lastOf = (trail: readonly string[], count: number): readonly string[] =>
  trail.slice(Math.max(0, count - neighbours), count)
