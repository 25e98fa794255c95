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
}

interface Totals {
  readonly total: number
  readonly units: number
  readonly byRoute: Readonly<Record<string, number>>
  readonly last: readonly Entry[]
}

export interface Journal {
  add(entry: Entry, inside: readonly string[]): void
  read(): Totals
  clear(): void
}

const kept = 100

export function createJournal(): Journal {
  let [total, units] = [0, 0]
  let byRoute = new Map<string, number>()
  let last: Entry[] = []
  const add = (entry: Entry, inside: readonly string[]): void => {
    total += 1
    units += entry.units
    for (const route of [entry.route, ...inside]) byRoute.set(route, (byRoute.get(route) ?? 0) + 1)
    last.push(entry)
    if (last.length > kept) last.shift()
  }
  const clear = (): void => {
    ;[total, units, byRoute, last] = [0, 0, new Map(), []]
  }
  return { add, read: () => ({ total, units, byRoute: Object.fromEntries(byRoute), last }), clear }
}
