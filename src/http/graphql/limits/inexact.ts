/** Where a value stands in another. */
export type Path = readonly (string | number)[]

interface Place {
  readonly value: unknown
  readonly key: string | number | null
  readonly within: Place | null
}

/**
 * The place of a number that JSON has not brought over as it was sent: a whole one beyond 2^53, whose last digits are lost.
 * An id that is sent so would be another id. Null when there is none. Not by recursion: nesting may be deep.
 */
export function inexactIn(value: unknown): Path | null {
  const open: Place[] = [{ value, key: null, within: null }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const here = place.value
    if (typeof here === 'number' && Math.abs(here) > Number.MAX_SAFE_INTEGER) return pathOf(place)
    if (typeof here !== 'object' || here === null) continue
    const isList = Array.isArray(here)
    for (const [key, item] of Object.entries(here))
      open.push({ value: item, key: isList ? Number(key) : key, within: place })
  }
  return null
}

function pathOf(place: Place): Path {
  const path: (string | number)[] = []
  for (let here: Place | null = place; here !== null; here = here.within)
    if (here.key !== null) path.unshift(here.key)
  return path
}
