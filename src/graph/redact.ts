const SCAN_LIMIT = 4000
const KEEP = 500

// Meta's own texts quote tokens at times; tokens are opaque, but those of today begin with EAA.
const TOKEN_LIKE: readonly RegExp[] = [
  /\bEAA[A-Za-z0-9_-]{4,}/g,
  /\bBearer\s+[^\s"',;]+/gi,
  /\b[0-9]{6,20}(?:\||%7C)[A-Za-z0-9_-]{8,}/gi,
  /\b[a-z_]*(?:token|proof|secret)["']?\s?[=:]\s?["']?[^\s&"',;)]+/gi,
]

/** A foreign text made fit for messages and logs: one line, no secrets, 500 characters at most. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = cutAtWord(text)
  for (const secret of secrets) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, '[redacted]')
  }
  for (const pattern of TOKEN_LIKE) clean = clean.replace(pattern, '[redacted]')
  clean = clean.replace(/\p{Cc}+/gu, ' ')
  return clean.length > KEEP ? `${clean.slice(0, KEEP - 1)}…` : clean
}

// Bounds the work, and leaves no half of a token that the patterns would no longer know.
function cutAtWord(text: string): string {
  if (text.length <= SCAN_LIMIT) return text
  const head = text.slice(0, SCAN_LIMIT)
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), 0))}…`
}
