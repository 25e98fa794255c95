/** What a text may not say again, and what stands in its place. */
export interface Redaction {
  /** Values that are known: each is cut wherever and however it stands. */
  readonly secrets: readonly string[]
  readonly mark: string
  /** Whether values are cut that no name stands before, for being long and without sense. */
  readonly unnamed: boolean
}

/** Cuts credentials out of a text, and nothing else: every word stays that neither is one nor looks like one. */
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
      // A parameter is no sentence: whatever it has for a value is one, and not even the name is left.
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

/** Meta's tokens are opaque, but those of today begin with EAA; the second is an app's own, its id and its secret; the third a JWT. */
const shapes: readonly RegExp[] = [
  /\bEAA[A-Za-z0-9_-]{4,}/g,
  /\b[0-9]{6,20}(?:\||%7C)[A-Za-z0-9_-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
]

/** A secret or a proof in hexadecimal, and what is longer than any word and any id. */
const unnamedShapes: readonly RegExp[] = [/\b[0-9a-f]{32,}\b/gi, /\b(?=\w*\d)(?=\w*[A-Za-z])\w{40,}\b/g]

const bearer = /\bBearer\s+([^\s"'\\,;]+)/gi
// In a URL or a form, in JSON, in JSON within JSON, and in prose: "access token: …".
const named =
  /\b[\w-]*(?:token|proof|secret)s?((?:\\{0,3}["'])?\s{0,2}[=:]\s{0,2}(?:\\{0,3}["'])?)(\[\w+\]|[^\s"'\\&,;)}\]]+)/gi
const following = /\b(?:token|proof|secret)\s{1,2}(?:\\{0,3}["'(])?([^\s"'\\&,;)}\]]+)/gi

/** Puts the mark in the place of what is cut, when the value is none of the words of a sentence. */
function swap(all: string, value: string, cut: string, mark: string): string {
  if (!isOpaque(value, 6)) return all
  return all.slice(0, all.length - cut.length) + mark + endOf(value)
}

/** What ends a sentence, and no value. */
const endOf = (value: string): string => /[.:!?…]*$/.exec(value)?.[0] ?? ''

function isOpaque(value: string, least: number): boolean {
  const text = value.replace(/[.:!?…]+$/, '')
  return text.length >= least && !words.some((word) => word.test(text))
}

/** What stands in sentences: words, also of other scripts, names in code, numbers, dates, addresses, placeholders. */
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
