import { BoundedMap } from '../graph/bounded-map.ts'
import type { GraphError } from '../graph/error.ts'

export interface FieldRef {
  readonly type: string
  readonly field: string
  /** The edge of that name as a call of its own; else the field in a list of fields. */
  readonly edge?: true
}

/** A suspect, and what Graph said of it. */
export interface UnsupportedField extends FieldRef {
  readonly error: GraphError
  /** Of one object or list alone, as for want of a permission; else of the app, whatever it asks for. */
  readonly isOfPlace: boolean
}

/** An object or a list as one viewer sees it. */
export interface ReadScope {
  readonly key: string
  /** When something comes to pass with one of these, what was learnt there no longer counts. */
  readonly ids: readonly string[]
}

/** What has come to pass: see `reads/eviction-clock.ts`. */
interface History {
  isCurrent(since: number, ids: readonly string[]): boolean
}

interface Kept {
  readonly lesson: UnsupportedField
  readonly until: number
}

interface Known {
  readonly lessons: ReadonlyMap<string, Kept>
  /** Until then nothing is guessed there: it was tried, and leaving things out did not help. */
  readonly givenUpUntil: number
  readonly since: number
}

const lifetimeMs = 60 * 60_000
/** Permissions are given and taken away without a word. */
const lifetimeOfPlaceMs = 10 * 60_000
const most = { fields: 1_000, places: 10_000 }

/**
 * What Graph does not take of an app, by node type: which fields an app may have is part of its review. One process
 * speaks one version of Graph, so that is no key.
 */
export class UnsupportedFields {
  readonly #fields = new BoundedMap<Kept>(most.fields)
  readonly #places = new BoundedMap<Known>(most.places)
  readonly #history: History
  readonly #now: () => number

  constructor(history: History = quiet, now: () => number = Date.now) {
    this.#history = history
    this.#now = now
  }

  /** `since` was taken before the read began. */
  remember(appId: string, lesson: UnsupportedField, place: ReadScope, since: number): void {
    if (!lesson.isOfPlace)
      return this.#fields.set(`${appId} ${nameOf(lesson)}`, { lesson, until: this.#now() + lifetimeMs })
    const { lessons, givenUpUntil } = this.#known(place)
    const kept = { lesson, until: this.#now() + lifetimeOfPlaceMs }
    this.#places.set(place.key, {
      lessons: new Map([...lessons, [nameOf(lesson), kept]]),
      givenUpUntil,
      since,
    })
  }

  /** Why something cannot be asked for, of the app or there; null when it can. */
  of(appId: string, suspect: FieldRef, place?: ReadScope): GraphError | null {
    const name = nameOf(suspect)
    const there = place && this.#known(place).lessons.get(name)
    const found = [this.#fields.get(`${appId} ${name}`), there].find(
      (kept) => kept && this.#lasts(kept.until),
    )
    return found?.lesson.error ?? null
  }

  /** What is refused there alone. */
  at(place: ReadScope): readonly UnsupportedField[] {
    const { lessons } = this.#known(place)
    return [...lessons.values()].filter(({ until }) => this.#lasts(until)).map(({ lesson }) => lesson)
  }

  giveUp(place: ReadScope, since: number): void {
    const { lessons } = this.#known(place)
    this.#places.set(place.key, { lessons, givenUpUntil: this.#now() + lifetimeOfPlaceMs, since })
  }

  isGivenUp(place: ReadScope): boolean {
    return this.#lasts(this.#known(place).givenUpUntil)
  }

  #known({ key, ids }: ReadScope): Known {
    const known = this.#places.get(key)
    return known && this.#history.isCurrent(known.since, ids) ? known : nothing
  }

  #lasts(until: number): boolean {
    return until > this.#now()
  }
}

const quiet: History = { isCurrent: () => true }
const nothing: Known = { lessons: new Map(), givenUpUntil: 0, since: 0 }

const nameOf = ({ type, field, edge }: FieldRef): string => `${type}${edge ? '/' : '.'}${field}`
