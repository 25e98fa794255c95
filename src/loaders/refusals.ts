import { BoundedMap } from '../graph/bounded-map.ts'
import type { GraphError } from '../graph/error.ts'

export interface Suspect {
  readonly type: string
  readonly field: string
  /** The edge of that name as a call of its own; else the field in a list of fields. */
  readonly edge?: true
}

/** A suspect, and what Graph said of it. */
export interface Lesson extends Suspect {
  readonly error: GraphError
  /** Of one object or list alone, as for want of a permission; else of the app, whatever it asks for. */
  readonly isOfPlace: boolean
}

interface Kept {
  readonly lesson: Lesson
  readonly until: number
}

interface Place {
  readonly lessons: ReadonlyMap<string, Kept>
  /** Until then nothing is guessed there: it was tried, and leaving things out did not help. */
  readonly givenUpUntil: number
}

const lifetimeMs = 60 * 60_000
/** Permissions are given and taken away without a word. */
const lifetimeOfPlaceMs = 10 * 60_000
const most = { fields: 1_000, places: 10_000 }

/**
 * What Graph does not take of an app, by node type: which fields an app may have is part of its review. One process
 * speaks one version of Graph, so that is no key.
 */
export class Refusals {
  readonly #fields = new BoundedMap<Kept>(most.fields)
  readonly #places = new BoundedMap<Place>(most.places)
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** `place` names the object or the list that was asked, and who asked. */
  remember(appId: string, lesson: Lesson, place: string): void {
    if (!lesson.isOfPlace)
      return this.#fields.set(`${appId} ${nameOf(lesson)}`, { lesson, until: this.#now() + lifetimeMs })
    const { lessons, givenUpUntil } = this.#place(place)
    const kept = { lesson, until: this.#now() + lifetimeOfPlaceMs }
    const all = new Map([...lessons, [nameOf(lesson), kept]])
    this.#places.set(place, { lessons: all, givenUpUntil })
  }

  /** Why something cannot be asked for, of the app or there; null when it can. */
  of(appId: string, suspect: Suspect, place?: string): GraphError | null {
    const name = nameOf(suspect)
    const there = place === undefined ? undefined : this.#place(place).lessons.get(name)
    const found = [this.#fields.get(`${appId} ${name}`), there].find(
      (kept) => kept && this.#lasts(kept.until),
    )
    return found?.lesson.error ?? null
  }

  /** What is refused there alone. */
  at(place: string): readonly Lesson[] {
    const { lessons } = this.#place(place)
    return [...lessons.values()].filter(({ until }) => this.#lasts(until)).map(({ lesson }) => lesson)
  }

  giveUp(place: string): void {
    const givenUpUntil = this.#now() + lifetimeOfPlaceMs
    this.#places.set(place, { ...this.#place(place), givenUpUntil })
  }

  isGivenUp(place: string): boolean {
    return this.#lasts(this.#place(place).givenUpUntil)
  }

  #place(place: string): Place {
    return this.#places.get(place) ?? nowhere
  }

  #lasts(until: number): boolean {
    return until > this.#now()
  }
}

const nowhere: Place = { lessons: new Map(), givenUpUntil: 0 }

const nameOf = ({ type, field, edge }: Suspect): string => `${type}${edge ? '/' : '.'}${field}`
