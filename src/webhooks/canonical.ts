/** Deeper values are refused by `canonical`; the deepest documented webhook has six levels. */
export const maxDepth = 64

/** The same text for the same data, whatever the order of its keys. Throws RangeError beyond `maxDepth`. */
export function canonical(value: unknown): string {
  return write(value, maxDepth)
}

function write(value: unknown, levels: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (levels === 0) throw new RangeError(`JSON nested deeper than ${maxDepth} levels`)
  return Array.isArray(value) ? writeItems(value, levels - 1) : writeMembers(value, levels - 1)
}

function writeItems(items: readonly unknown[], levels: number): string {
  let text = ''
  for (const item of items) text += `${text === '' ? '' : ','}${write(item, levels)}`
  return `[${text}]`
}

function writeMembers(value: object, levels: number): string {
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${write(member, levels)}`
  }
  return `{${text}}`
}

/** Whether arrays and objects are nested deeper than `levels`. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const member of Object.values(value)) if (isDeeper(member, levels - 1)) return true
  return false
}
