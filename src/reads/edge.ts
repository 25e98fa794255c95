import { writePosition } from './list-position.ts'

/** A page of Graph's: between which of its cursors it lies, and how many rows it has. */
interface GraphPage {
  readonly begin: string | null
  readonly after: string | null
  readonly size: number
}

export interface Standing<T> {
  readonly node: T
  readonly page: GraphPage
  readonly index: number
}

/** A row with its cursor, which is made when it is asked for. */
export class Edge<T> {
  readonly node: T
  readonly #mark: () => string
  readonly #row: Standing<T>
  readonly #trail: readonly string[]
  readonly #passed: number
  readonly #ahead: readonly string[]

  constructor(mark: () => string, row: Standing<T>, trail: readonly string[], ahead: readonly string[]) {
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
