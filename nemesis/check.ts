import { isOf, type History } from './history.ts'
import type { Entry } from './load/items.ts'

/** What is wrong with a log or a stream: the keys of the events. */
export interface Faulty {
  /** Answered 200 and not there. */
  readonly lost: readonly string[]
  readonly twice: readonly string[]
  /** Behind one that comes after it in the log. */
  readonly disordered: readonly string[]
  /** There, and never sent; or under a cursor that is not its own; or nothing for who got it. */
  readonly strangers: readonly string[]
}

/** What the log was given in a round. */
export interface Given {
  readonly sent: ReadonlySet<string>
  readonly acked: ReadonlySet<string>
}

/** Holds what a round added to the log against what was sent and answered in it. */
export function checkLog(added: readonly Entry[], before: History, { sent, acked }: Given): Faulty {
  const keys = added.map(({ key }) => key)
  const known = new Set(keys)
  return {
    lost: [...acked].filter((key) => !known.has(key)),
    twice: [...repeated(keys), ...keys.filter((key) => before.has(key))],
    disordered: [],
    strangers: keys.filter((key) => !sent.has(key) && !before.has(key)),
  }
}

/**
 * Holds what a subscriber got, over all its connections, against the log from a place on: all that comes before, it
 * had before.
 */
export function checkStream(got: readonly Entry[], log: History, from: number, appId: string | null): Faulty {
  const placed = got.map(({ key, cursor }) => ({
    key,
    place: isOf(appId, key) ? log.placeOf({ key, cursor }) : null,
  }))
  const known = placed.flatMap(({ key, place }) => (place === null ? [] : [{ key, place }]))
  const keys = new Set(known.map(({ key }) => key))
  return {
    lost: log.part(from, appId).flatMap(({ key }) => (keys.has(key) ? [] : [key])),
    twice: [
      ...repeated(known.map(({ key }) => key)),
      ...known.filter(({ place }) => place < from).map(({ key }) => key),
    ],
    disordered: known
      .filter(({ place }, index) => place < (known[index - 1]?.place ?? 0))
      .map(({ key }) => key),
    strangers: placed.filter(({ place }) => place === null).map(({ key }) => key),
  }
}

function repeated(keys: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return keys.filter((key) => seen.size === seen.add(key).size)
}
