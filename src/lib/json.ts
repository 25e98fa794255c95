/**
 * JSON.parse, except that a number JavaScript cannot hold (an integer beyond 2^53, anything that overflows) becomes
 * a string of the same characters. Throws SyntaxError as JSON.parse does.
 */
export function parseLossless(text: string): unknown {
  const plain: unknown = JSON.parse(text)
  if (!mayHoldLongNumber.test(text)) return plain
  const quoted = quoteLongNumbers(text)
  return quoted === text ? plain : JSON.parse(quoted)
}

// A number outside a string can only follow one of these; the exponent form covers 1e999.
const mayHoldLongNumber = /(?:^|[\s:,[])-?(?:\d{16}|[\d.]+[eE]\+?\d{3})/

// Not a JSON.parse reviver: that one recurses, and nesting of some thousand levels would exhaust its stack.
function quoteLongNumbers(text: string): string {
  let result = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = stringEnd(text, at)
    else if (!startsNumber(code)) at += 1
    else {
      const end = numberEnd(text, at)
      const literal = text.slice(at, end)
      if (isTooLong(literal)) {
        result += `${text.slice(copied, at)}"${literal}"`
        copied = end
      }
      at = end
    }
  }
  return copied === 0 ? text : result + text.slice(copied)
}

function isTooLong(literal: string): boolean {
  const value = Number(literal)
  return !Number.isFinite(value) || (/^-?\d+$/.test(literal) && !Number.isSafeInteger(value))
}

const startsNumber = (code: number): boolean => code === 0x2d || (code >= 0x30 && code <= 0x39)

function numberEnd(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && isInNumber(text.charCodeAt(end))) end += 1
  return end
}

// Digits, signs, the point and both letters of an exponent.
const isInNumber = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2d || code === 0x2b || (code | 0x20) === 0x65

/** The position after the string that starts at `start`. */
export function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1)
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote === -1 ? text.length : quote + 1
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text[quote - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}

/**
 * Whether lists and objects lie deeper in each other than so many levels. Reads no further than to the first that does, so
 * that a text which has nothing else costs nothing. The text need not be JSON.
 */
export function isNestedDeeper(text: string, levels: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = stringEnd(text, at) - 1
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((code | 0x20) === 0x7b) {
      depth += 1
      if (depth > levels) return true
    } else if ((code | 0x20) === 0x7d) depth -= 1
  }
  return false
}
