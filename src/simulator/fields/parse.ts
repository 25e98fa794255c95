import { GraphError } from '../graph/error.ts'

/** One entry of `fields`: `edge.limit(5).after(C){name,partner_app{id}}`, Meta's guide "Field expansion". */
export interface Field {
  readonly name: string
  readonly modifiers: readonly Modifier[]
  readonly fields?: readonly Field[]
}
export interface Modifier {
  readonly name: string
  readonly argument: string
}

const deepest = 32

class Reader {
  private at = 0
  private readonly source: string

  constructor(source: string) {
    this.source = source
  }

  list(depth: number): Field[] {
    if (depth > deepest) throw this.wrong(`Fields are nested deeper than ${deepest}`)
    const fields = [this.field(depth)]
    while (this.take(',')) fields.push(this.field(depth))
    return fields
  }

  end(): void {
    this.space()
    if (this.at < this.source.length) throw this.expected('end of string')
  }

  private field(depth: number): Field {
    const name = this.word()
    const modifiers: Modifier[] = []
    while (this.take('.')) modifiers.push({ name: this.word(), argument: this.argument() })
    if (!this.take('{')) return { name, modifiers }
    const fields = this.list(depth + 1)
    if (!this.take('}')) throw this.expected('"}"')
    return { name, modifiers, fields }
  }

  private word(): string {
    this.space()
    const pattern = /[A-Za-z_]\w*/y
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)?.[0]
    if (found === undefined) throw this.expected('a field name')
    this.at += found.length
    return found
  }

  /** What stands between a modifier's parentheses, whatever it is: a number, a cursor, quoted text, JSON. */
  private argument(): string {
    if (!this.take('(')) throw this.expected('"("')
    const start = this.at
    for (let open = 1; this.at < this.source.length; this.at += 1) {
      const character = this.source[this.at]
      if (character === '"') this.quoted()
      else if (character === '(') open += 1
      else if (character === ')' && (open -= 1) === 0) return this.source.slice(start, this.at++)
    }
    throw this.expected('")"')
  }

  private quoted(): void {
    for (this.at += 1; this.at < this.source.length && this.source[this.at] !== '"'; this.at += 1) {
      if (this.source[this.at] === '\\') this.at += 1
    }
  }

  private take(character: string): boolean {
    this.space()
    if (this.source[this.at] !== character) return false
    this.at += 1
    return true
  }

  private space(): void {
    while (this.source[this.at] === ' ' || this.source[this.at] === '\n') this.at += 1
  }

  private expected(what: string): GraphError {
    const found = this.source[this.at]
    return this.wrong(`Expected ${what} instead of ${found === undefined ? 'end of string' : `"${found}"`}`)
  }

  private wrong(message: string): GraphError {
    return new GraphError(2500, `Syntax error "${message}." at character ${this.at}`)
  }
}

export function parseFields(source: string): Field[] {
  const reader = new Reader(source)
  const fields = reader.list(1)
  reader.end()
  return fields
}
