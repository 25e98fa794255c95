import type { JsonObject } from '../json.ts'

/** One HTTP request, without anything secret in it. */
export interface Entry {
  readonly method: string
  readonly path: string
  readonly version: string | null
  /** The path with ids replaced by the kind of node, e.g. `GET /{solution}/partners`. */
  readonly route: string
  readonly params: JsonObject
  readonly tokenIn: 'header' | 'query' | 'body' | 'none'
  readonly proof: boolean
  readonly appId: string | null
  readonly units: number
  /** Null until it is answered, and for ever when it is not. */
  status: number | null
  trace: string | null
}

interface Totals {
  readonly total: number
  readonly units: number
  readonly byRoute: Readonly<Record<string, number>>
  /** Writes that were carried out, in batches as well, whether or not the answer arrived. */
  readonly writes: Readonly<Record<string, number>>
  readonly last: readonly Entry[]
}

export interface Journal {
  add(entry: Entry, inside: readonly string[]): void
  wrote(route: string): void
  read(): Totals
  clear(): void
}

const kept = 100

export function createJournal(): Journal {
  let [total, units] = [0, 0]
  let [byRoute, writes] = [new Map<string, number>(), new Map<string, number>()]
  let last: Entry[] = []
  const add = (entry: Entry, inside: readonly string[]): void => {
    total += 1
    units += entry.units
    for (const route of [entry.route, ...inside]) count(byRoute, route)
    last.push(entry)
    if (last.length > kept) last.shift()
  }
  const clear = (): void => {
    ;[total, units, byRoute, writes, last] = [0, 0, new Map(), new Map(), []]
  }
  const read = (): Totals => ({
    total,
    units,
    byRoute: Object.fromEntries(byRoute),
    writes: Object.fromEntries(writes),
    last,
  })
  return { add, wrote: (route) => count(writes, route), read, clear }
}

function count(counts: Map<string, number>, route: string): void {
  counts.set(route, (counts.get(route) ?? 0) + 1)
}
