const maxLength = 120

// Control characters, line and paragraph separators, and the marks that turn the direction of a terminal's text.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu

/** An error as one short line that is safe to print: its message may quote what somebody sent. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'not an error'
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  return cut.replace(unprintable, escapeCharacter)
}

const escapeCharacter = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
