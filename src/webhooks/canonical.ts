/** Deeper values are refused by `canonical`; the deepest documented webhook has six levels. */
export const maxDepth = 64

/** The same text for the same data, whatever the order of its keys. Throws RangeError beyond `maxDepth`. */
export function canonical(value: unknown): string {
  return write(value, maxDepth)
}

function write(value: unknown, levels: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (levels === 0) throw new RangeError(`JSON nested deeper than ${maxDepth} levels`)
  if (Array.isArray(value)) return `[${value.map((item) => write(item, levels - 1)).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, levels - 1)}`)
  return `{${members.join(',')}}`
}
