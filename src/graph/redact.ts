import { createRedactor } from '../redaction.ts'

const SCAN_LIMIT = 4000
const KEEP = 1000

/** A foreign text made fit for messages and logs: one line, no credentials, 1000 characters at most. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const clean = createRedactor({ secrets, mark: '[redacted]', unnamed: true })(cutAtWord(text))
  const line = clean.replace(/\p{Cc}+/gu, ' ')
  return line.length > KEEP ? `${line.slice(0, KEEP - 1)}…` : line
}

// Bounds the work, and leaves no half of a token that the patterns would no longer know.
function cutAtWord(text: string): string {
  if (text.length <= SCAN_LIMIT) return text
  const head = text.slice(0, SCAN_LIMIT)
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), 0))}…`
}
