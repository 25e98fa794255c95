const maxText = 2_000
const maxItems = 50
const maxDepth = 6

/** A copy for the log: whatever somebody outside sends, a line stays of a length that can be read and kept. */
export function shorten(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return shortenText(value)
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth === maxDepth) return '…'
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => shorten(item, depth + 1))
  const entries = Object.entries(value).slice(0, maxItems)
  return Object.fromEntries(entries.map(([key, item]) => [shortenText(key), shorten(item, depth + 1)]))
}

function shortenText(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text
}
