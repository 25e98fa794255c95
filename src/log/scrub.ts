// Tokens are opaque, but those of today begin with EAA; the others are how one is passed on.
const tokenLike: readonly RegExp[] = [
  /\bEAA[A-Za-z0-9]{8,}/g,
  /\bBearer\s+[^\s"\\]+/gi,
  /\b(?:access_token|appsecret_proof)=[^\s"\\&]+/gi,
]

// JSON escapes only the controls below space: these still move a terminal's cursor or turn its text.
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Makes a line of JSON fit to be printed: no configured secret, nothing like a token, no control character. */
export function createScrubber(secrets: readonly string[]): (line: string) => string {
  const forms = [...new Set(secrets.flatMap(formsOf))].toSorted((a, b) => b.length - a.length)
  return (line) => {
    let clean = line
    for (const form of forms) clean = clean.replaceAll(form, '[secret]')
    for (const pattern of tokenLike) clean = clean.replace(pattern, '[secret]')
    return clean.replace(unprintable, escape)
  }
}

// As it is, as it stands in JSON, and as it stands in a URL.
function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
