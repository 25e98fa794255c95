import { nameOf, type FieldTree, missingFields } from '../graph/fields.ts'
import { rowOf } from '../graph/nodes.ts'
import { Lru, type Bounds } from '../lib/lru.ts'

type Row = Readonly<Record<string, unknown>>

/** One answer about an object: what was asked, so that what is not in it is known to be absent. */
interface Part {
  readonly asked: FieldTree
  readonly row: Row
  readonly at: number
  readonly since: number
  readonly weight: Weight
}

interface KeptPage {
  readonly page: unknown
  readonly at: number
  readonly lifetimeMs: number
  readonly since: number
  readonly weight: Weight
}

export interface CachedObject {
  readonly known: Row
  /** What has to be asked of Graph. */
  readonly missing: FieldTree
}

/** Whose object: the viewer's key says which app and whose token, so nobody finds what another was shown. */
export interface ObjectKey {
  readonly viewer: string
  readonly type: string
  readonly id: string
}

export interface CacheLimits {
  readonly objects: Bounds
  readonly pages: Bounds
}

const megabyte = 1024 * 1024
const defaults: CacheLimits = {
  objects: { entries: 100_000, bytes: 96 * megabyte },
  pages: { entries: 5_000, bytes: 32 * megabyte },
}
const maxParts = 4

/** What Graph has said, for as long as each field of it may be believed or until it is evicted. */
export class ReadCache {
  readonly #objects: Lru<readonly Part[]>
  readonly #pages: Lru<KeptPage>
  readonly #evictions = new EvictionClock()
  readonly #now: () => number

  constructor(limits: CacheLimits = defaults, now: () => number = () => performance.now()) {
    this.#objects = new Lru(limits.objects)
    this.#pages = new Lru(limits.pages)
    this.#now = now
  }

  /** To be taken before a read begins, and given with its answer. */
  get since(): number {
    return this.#evictions.now
  }

  /** Whether nothing of this has been evicted since. */
  isCurrent(since: number, ids: readonly string[]): boolean {
    return this.#evictions.isCurrent(since, ids)
  }

  get size(): { readonly objects: Bounds; readonly pages: Bounds } {
    const sizeOf = ({ size: entries, bytes }: Lru<unknown>): Bounds => ({ entries, bytes })
    return { objects: sizeOf(this.#objects), pages: sizeOf(this.#pages) }
  }

  evict(ids: readonly string[]): void {
    this.#evictions.evict(ids)
  }

  evictAll(): void {
    this.#evictions.evictAll()
    this.#objects.clear()
    this.#pages.clear()
  }

  /** Nothing that is older than `maxAgeMs`, however long it may be believed. */
  object(key: ObjectKey, wanted: FieldTree, maxAgeMs = Infinity): CachedObject {
    let [known, missing]: [Row, FieldTree] = [nothing, wanted]
    for (const part of this.#partsOf(print(key))) {
      const left = this.#missingFrom(part, key.type, missing, maxAgeMs)
      if (left.length === missing.length) continue
      known = { ...known, ...pick(part.row, missing, left) }
      missing = left
      if (missing.length === 0) break
    }
    return { known, missing }
  }

  /** Comes back with what the row speaks of and weighs, for the page that it may be on. */
  keep({ viewer, type, id }: ObjectKey, asked: FieldTree, row: Row, since: number): Weight {
    const weight = weigh(row)
    // The type as well: an event may be about objects of a type without saying which.
    const ids = [id, type]
    for (const other of weight.ids) if (other !== id) ids.push(other)
    if (!this.#evictions.isCurrent(since, ids)) return weight
    const name = `${viewer} ${type} ${id}`
    const part: Part = { asked, row, at: this.#now(), since, weight: { bytes: weight.bytes, ids } }
    const before = this.#objects.peek(name)
    const parts = before ? [part, ...this.#stillNeeded(before, asked)].slice(0, maxParts) : [part]
    let bytes = perEntry + name.length
    for (const one of parts) bytes += one.weight.bytes
    this.#objects.set(name, parts, bytes)
    return weight
  }

  page(key: string, maxAgeMs = Infinity): unknown {
    const kept = this.#pages.get(key)
    if (!kept) return undefined
    const age = this.#now() - kept.at
    if (age < kept.lifetimeMs && this.#evictions.isCurrent(kept.since, kept.weight.ids))
      return age < maxAgeMs ? kept.page : undefined
    this.#pages.delete(key)
    return undefined
  }

  /** `ids`: whatever the page depends on, as its rows and the object whose list it is. */
  keepPage(
    key: string,
    page: unknown,
    { lifetimeMs, ids, bytes, since }: Weight & { readonly lifetimeMs: number; readonly since: number },
  ): void {
    if (!this.#evictions.isCurrent(since, ids)) return
    const weight = { ids, bytes: bytes + perEntry + key.length + 16 * ids.length }
    this.#pages.set(key, { page, at: this.#now(), lifetimeMs, since, weight }, weight.bytes)
  }

  /** What else is known of an object, and still true, besides what was just asked. */
  #stillNeeded(parts: readonly Part[], asked: FieldTree): readonly Part[] {
    return parts.filter(
      (part) =>
        missingFields(asked, part.asked).length > 0 && this.#evictions.isCurrent(part.since, part.weight.ids),
    )
  }

  #partsOf(name: string): readonly Part[] {
    const parts = this.#objects.get(name)
    if (!parts) return none
    const current = parts.filter((part) => this.#evictions.isCurrent(part.since, part.weight.ids))
    if (current.length === 0) this.#objects.delete(name)
    return current
  }

  #missingFrom(part: Part, type: string, wanted: FieldTree, maxAgeMs: number): FieldTree {
    const age = this.#now() - part.at
    if (age >= maxAgeMs) return wanted
    const absent = missingFields(part.asked, wanted)
    return wanted.filter((field) => absent.includes(field) || age >= lifetimeOf(type, field))
  }
}

const perEntry = 200
const none: readonly Part[] = []
const nothing: Row = {}

const print = ({ viewer, type, id }: ObjectKey): string => `${viewer} ${type} ${id}`

function pick(row: Row, wanted: FieldTree, left: FieldTree): Row {
  const names = wanted.filter((field) => !left.includes(field)).map(nameOf)
  return Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]))
}

/** An expansion lives as long as the most short-lived field below it. */
export function lifetimeOf(type: string, field: FieldTree[number]): number {
  const { lifetimeMs, of } = rowOf(type, nameOf(field))
  if (typeof field === 'string' || !field.fields || of === undefined) return lifetimeMs
  return Math.min(lifetimeMs, ...field.fields.map((inner) => lifetimeOf(of, inner)))
}

/**
 * When what was last evicted, counted and not timed. Whatever was asked of Graph before an id was evicted is not
 * believed of that id afterwards, also when the answer comes later.
 */
export class EvictionClock {
  // Two halves, and the older one is dropped as a whole: a Map that loses its oldest entries one by one becomes slow.
  #young = new Map<string, number>()
  #old = new Map<string, number>()
  /** The newest eviction in the older half. */
  #oldNewest = 0
  readonly #half: number
  #now = 0
  /** Everything from before is stale, whatever it is of. */
  #floor = 0

  constructor(most = 100_000) {
    this.#half = Math.max(1, Math.floor(most / 2))
  }

  get now(): number {
    return this.#now
  }

  evict(ids: readonly string[]): void {
    this.#now += 1
    for (const id of ids) this.#young.set(id, this.#now)
    if (this.#young.size >= this.#half) this.#turn()
  }

  evictAll(): void {
    this.#now += 1
    this.#floor = this.#now
    this.#young.clear()
    this.#old.clear()
  }

  /** Whether nothing of this has been evicted since. */
  isCurrent(since: number, ids: readonly string[]): boolean {
    if (since === this.#now) return true
    return since >= this.#floor && ids.every((id) => this.#stampOf(id) <= since)
  }

  #stampOf(id: string): number {
    return this.#young.get(id) ?? this.#old.get(id) ?? 0
  }

  #turn(): void {
    this.#floor = Math.max(this.#floor, this.#oldNewest)
    this.#oldNewest = this.#now
    this.#old = this.#young
    this.#young = new Map()
  }
}

export interface Weight {
  /** Ids of everything in it. */
  readonly ids: readonly string[]
  /** Roughly what it takes in memory. */
  readonly bytes: number
}

const perObject = 80
const perValue = 16

/** Looks through an answer of Graph for what it speaks of. Without recursion, however deep it is. */
export function weigh(value: object): Weight {
  const ids = new Set<string>()
  let bytes = 0
  const open: object[] = [value]
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if ('id' in item && typeof item.id === 'string') ids.add(item.id)
    // A loop over names would be several times slower with what comes out of zod.
    const inside: readonly unknown[] = Array.isArray(item) ? item : Object.values(item)
    bytes += perObject + perValue * inside.length
    for (const inner of inside) {
      if (typeof inner === 'string') bytes += inner.length
      else if (typeof inner === 'object' && inner !== null) open.push(inner)
    }
  }
  return { ids: [...ids], bytes }
}
