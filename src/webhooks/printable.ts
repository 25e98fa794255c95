const maxLength = 120

// Controls, line and paragraph separators, and the marks that turn the direction of a terminal's text.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu

/** A string from outside as a log may show it: on one line, nothing a terminal would act on, and cut. */
export function printable(text: string): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  return cut.replace(unprintable, escape)
}

const escape = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
