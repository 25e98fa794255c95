import { GraphError } from '../../../src/graph/error.ts'
import type { Page } from '../../../src/graph/paging.ts'

export interface Row {
  readonly id: string
}

/** When a cursor of Graph's ends: with any row that comes or goes, with the row that it stands behind, or never. */
export const lives = ['until any change', 'as long as its row', 'for ever'] as const
export type Life = (typeof lives)[number]

/** A list of Graph's whose rows come and go at any place, each with a cursor that lives as long as Graph lets it. */
export class ChangingList {
  readonly #life: Life
  readonly #isVisible: (id: string) => boolean
  #rows: { readonly id: string; readonly key: number }[]
  #version = 0
  #ids: number
  /** Ids that were there from the beginning and have never left. */
  readonly #staying: Set<string>
  readonly calls: { limit: number; after: string | null }[] = []

  constructor(length: number, life: Life, isVisible: (id: string) => boolean = () => true) {
    this.#life = life
    this.#isVisible = isVisible
    this.#ids = length
    this.#rows = Array.from({ length }, (_, index) => ({ id: String(1000 + index), key: index }))
    this.#staying = new Set(this.#rows.map(({ id }) => id).filter((id) => isVisible(id)))
  }

  get staying(): readonly string[] {
    return this.#rows.map(({ id }) => id).filter((id) => this.#staying.has(id))
  }

  get length(): number {
    return this.#rows.length
  }

  remove(at: number): void {
    const [row] = this.#rows.splice(at % Math.max(1, this.#rows.length), 1)
    if (row) this.#staying.delete(row.id)
    this.#version += 1
  }

  insert(at: number, id = String(1000 + this.#ids++)): void {
    const place = at % (this.#rows.length + 1)
    const [before, behind] = [this.#rows[place - 1]?.key, this.#rows[place]?.key]
    const key = ((before ?? (behind ?? 0) - 2) + (behind ?? (before ?? 0) + 2)) / 2
    this.#rows.splice(place, 0, { id, key })
    this.#version += 1
  }

  /** One that leaves and comes back at another place. */
  move(from: number, to: number): void {
    const row = this.#rows[from % Math.max(1, this.#rows.length)]
    if (!row) return
    this.remove(this.#rows.indexOf(row))
    this.insert(to, row.id)
  }

  readonly fetch = async (limit: number, after: string | null): Promise<Page<Row>> => {
    this.calls.push({ limit, after })
    const start = after === null ? 0 : this.#behind(after)
    const rows = this.#rows.slice(start, start + limit)
    const last = rows.at(-1)
    const isLast = last === undefined || start + limit >= this.#rows.length
    return {
      data: rows.map(({ id }) => ({ id })).filter(({ id }) => this.#isVisible(id)),
      after: isLast ? null : `${this.#version}_${last.id}_${last.key}`,
    }
  }

  #behind(cursor: string): number {
    const [version, id, key] = cursor.split('_')
    if (this.#life === 'until any change' && Number(version) !== this.#version) throw dead()
    if (this.#life !== 'as long as its row') {
      const index = this.#rows.findIndex((row) => row.key > Number(key))
      return index < 0 ? this.#rows.length : index
    }
    const index = this.#rows.findIndex((row) => row.id === id)
    if (index < 0) throw dead()
    return index + 1
  }
}

const dead = (): GraphError => new GraphError('invalid', 'Invalid cursor', { code: 100 })
