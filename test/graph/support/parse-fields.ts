export interface ParsedField {
  name: string
  limit?: number
  after?: string
  fields?: ParsedField[]
}

/** Reads the `fields=` grammar from the description in Meta's guide on field expansion, knowing nothing of the printer. */
export function parseFields(text: string): ParsedField[] {
  let at = 0
  const take = (pattern: RegExp): string | null => {
    const match = new RegExp(pattern.source, 'y')
    match.lastIndex = at
    const found = match.exec(text)
    if (found === null) return null
    at += found[0].length
    return found[1] ?? found[0]
  }
  const list = (): ParsedField[] => {
    const fields = [field()]
    while (take(/,/) !== null) fields.push(field())
    return fields
  }
  const field = (): ParsedField => {
    const name = take(/[a-z][a-z0-9_]*/)
    if (name === null) throw new Error(`no field at ${at}`)
    const limit = take(/\.limit\((\d+)\)/)
    const after = take(/\.after\(([^(){},]+)\)/)
    const parsed: ParsedField = { name }
    if (limit !== null) parsed.limit = Number(limit)
    if (after !== null) parsed.after = after
    if (take(/\{/) !== null) {
      parsed.fields = list()
      if (take(/\}/) === null) throw new Error(`no closing brace at ${at}`)
    }
    return parsed
  }
  const parsed = list()
  if (at < text.length) throw new Error(`more text at ${at}`)
  return parsed
}
