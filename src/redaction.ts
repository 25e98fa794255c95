/** What is cut out of a text, and what stands in its place. */
export interface Redaction {
  /** Known values: each is cut wherever it stands, also encoded. */
  readonly secrets: readonly string[]
  readonly mark: string
  /** Whether long random values are cut as well when no name stands before them. */
  readonly unnamed: boolean
}

/** Cuts credentials, and what looks like one, out of a text. All other words stay. */
export function createRedactor({ secrets, mark, unnamed }: Redaction): (text: string) => string {
  const known = [...new Set(secrets.filter(({ length }) => length >= 4).flatMap(formsOf))]
    .toSorted((a, b) => b.length - a.length)
    .map((form) => (/^\d{4,8}$/.test(form) ? new RegExp(`(?<!\\d)${form}(?!\\d)`, 'g') : form))
  const patterns = unnamed ? [...shapes, ...unnamedShapes] : shapes
  return (text) => {
    let clean = text
    for (const form of known) clean = clean.replaceAll(form, mark)
    clean = clean.replace(bearer, (all, value: string) => swap(all, value, all, mark))
    clean = clean.replace(named, (all, between: string, value: string) => {
      // A parameter such as `token=…` is cut with its name, whatever its value looks like.
      if (between === '=') return `${mark}${endOf(value)}`
      if (between.includes('=')) return swap(all, value, all, mark)
      return swap(all, value, value, mark)
    })
    clean = clean.replace(following, (all, value: string) =>
      isOpaque(value, 16) ? swap(all, value, value, mark) : all,
    )
    for (const shape of patterns) clean = clean.replace(shape, mark)
    return clean
  }
}

// As it is, as it stands in JSON, and as it stands in a URL.
function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
}

/** Meta's tokens of today, which begin with EAA; an app token, which is an app's id and secret; a JWT. */
const shapes: readonly RegExp[] = [
  /\bEAA[A-Za-z0-9_-]{4,}/g,
  /\b[0-9]{6,20}(?:\||%7C)[A-Za-z0-9_-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
]

/** Secrets and proofs in hexadecimal, and values longer than any word or id. */
const unnamedShapes: readonly RegExp[] = [/\b[0-9a-f]{32,}\b/gi, /\b(?=\w*\d)(?=\w*[A-Za-z])\w{40,}\b/g]

const bearer = /\bBearer\s+([^\s"'\\,;]+)/gi
// In a URL or a form, in JSON, in JSON within JSON, and in prose: "access token: …".
const named =
  /\b[\w-]*(?:token|proof|secret)s?((?:\\{0,3}["'])?\s{0,2}[=:]\s{0,2}(?:\\{0,3}["'])?)(\[\w+\]|[^\s"'\\&,;)}\]]+)/gi
const following = /\b(?:token|proof|secret)\s{1,2}(?:\\{0,3}["'(])?([^\s"'\\&,;)}\]]+)/gi

/** Puts the mark in the place of a value, unless the value is a word of a sentence. */
function swap(all: string, value: string, cut: string, mark: string): string {
  if (!isOpaque(value, 6)) return all
  return all.slice(0, all.length - cut.length) + mark + endOf(value)
}

/** Punctuation that ends a sentence and belongs to no value. */
const endOf = (value: string): string => /[.:!?…]*$/.exec(value)?.[0] ?? ''

function isOpaque(value: string, least: number): boolean {
  const text = value.replace(/[.:!?…]+$/, '')
  return text.length >= least && !words.some((word) => word.test(text))
}

/** Parts of sentences: words, also of other scripts, names in code, numbers, dates, addresses, placeholders. */
const words: readonly RegExp[] = [
  /^(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20})(?:['’/-](?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20}))*$/,
  /^(?:[A-Z]{0,2}[a-z]{2,})(?:[A-Z]{1,2}[a-z]{2,}){0,6}$/,
  /^(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20})(?:_(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20})){1,7}$/,
  /^[\d.,:%+-]{1,20}$/,
  /^\d{4}-\d\d-\d\d/,
  /[\u0080-\uffff]/,
  /^https?:/i,
  /^[<{[(#]/,
]
