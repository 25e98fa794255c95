import { stringEnd } from '../lib/json.ts'

/** Where a value stands in its JSON text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/*
 * Finds the exact text of parts of a JSON document without recursion, so that no depth of nesting can exhaust the
 * stack. The text must already have passed JSON.parse: nothing is checked here.
 */

/** The items of an array, which are nearly always asked for in their order: the text is walked through once. */
export class ItemSpans {
  readonly #text: string
  readonly #start: number | undefined
  #index = -1
  #span: Span = { start: 0, end: 0 }

  /** `start` is where the array begins; undefined when there is none, and so no item. */
  constructor(text: string, start: number | undefined) {
    this.#text = text
    this.#start = start
  }

  /** Undefined behind the last item. */
  at(index: number): Span | undefined {
    if (this.#start === undefined) return undefined
    if (index < this.#index) this.#index = -1
    while (this.#index < index) {
      const next =
        this.#index === -1 ? skipBlank(this.#text, this.#start + 1) : afterComma(this.#text, this.#span.end)
      if (this.#text[next] === ']') return undefined
      this.#span = valueSpan(this.#text, next)
      this.#index++
    }
    return this.#span
  }
}

/** The value of `key` in the object that starts at `at`; of a repeated key the last one, as JSON.parse has it. */
export function memberSpan(text: string, at: number, key: string): Span | undefined {
  let found: Span | undefined
  let next = skipBlank(text, at + 1)
  while (text[next] !== '}') {
    const keyEnd = stringEnd(text, next)
    const value = valueSpan(text, skipBlank(text, skipBlank(text, keyEnd) + 1))
    if (JSON.parse(text.slice(next, keyEnd)) === key) found = value
    next = afterComma(text, value.end)
  }
  return found
}

/** The value that starts at `at`, or after the blanks there. */
export function valueSpan(text: string, at: number): Span {
  const start = skipBlank(text, at)
  const opening = text[start]
  if (opening === '"') return { start, end: stringEnd(text, start) }
  if (opening === '{' || opening === '[') return nestedSpan(text, start)
  let end = start
  while (end < text.length && !isDelimiter(text.charCodeAt(end))) end += 1
  return { start, end }
}

function nestedSpan(text: string, start: number): Span {
  let open = 0
  let at = start
  do {
    const char = text[at]
    if (char === '"') {
      at = stringEnd(text, at)
      continue
    }
    if (char === '{' || char === '[') open += 1
    else if (char === '}' || char === ']') open -= 1
    at += 1
  } while (open > 0)
  return { start, end: at }
}

function afterComma(text: string, end: number): number {
  const at = skipBlank(text, end)
  return text[at] === ',' ? skipBlank(text, at + 1) : at
}

function skipBlank(text: string, at: number): number {
  let next = at
  while (isBlank(text.charCodeAt(next))) next += 1
  return next
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

// , ] }
const isDelimiter = (code: number): boolean =>
  code === 0x2c || code === 0x5d || code === 0x7d || isBlank(code)
