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
