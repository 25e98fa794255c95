import { createRedactor } from '../redaction.ts'

// JSON escapes only the controls below space: these still move a terminal's cursor or turn its text.
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Makes a line of JSON fit to be printed: no configured secret, nothing like a token, no control character. */
export function createScrubber(secrets: readonly string[]): (line: string) => string {
  // Digests stand in lines of ours, and nothing that Graph said comes here before it has been redacted.
  const redact = createRedactor({ secrets, mark: '[secret]', unnamed: false })
  return (line) => redact(line).replace(unprintable, escape)
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
