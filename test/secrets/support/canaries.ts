import { createHash, createHmac } from 'node:crypto'

/** Something that must be nowhere, and how it is recognised. */
export interface Canary {
  readonly name: string
  readonly forms: readonly RegExp[]
}

/** In all the ways in which a text is written down. */
export function canary(name: string, secret: string): Canary {
  const base64 = Buffer.from(secret).toString('base64').replaceAll('=', '')
  const texts = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    Buffer.from(secret).toString('base64url'),
  ]
  return {
    name,
    forms: [...new Set(texts)].map((text) => new RegExp(escaped(text))),
  }
}

const escaped = (text: string): string => text.replaceAll(/[^\w]/g, (sign) => `\\${sign}`)

/** Six digits, which stand in longer numbers by chance; their digest gives them away as well. */
export function sixDigits(name: string, digits: string): Canary {
  const digests = [digits, JSON.stringify(digits), JSON.stringify([digits])].map((text) =>
    createHash('sha256').update(text).digest('hex'),
  )
  const written = [digits, `${digits.slice(0, 3)}-${digits.slice(3)}`].map(
    (text) => new RegExp(String.raw`(?<![\d.])${text}(?!\d)`),
  )
  return { name, forms: [...written, ...digests.map((digest) => new RegExp(digest))] }
}

/** The proof of a token, with which somebody who has the token can use it. */
export function proof(name: string, token: string, appSecret: string): Canary {
  return canary(name, createHmac('sha256', appSecret).update(token).digest('hex'))
}

/** Which canaries sit where, in sentences. */
export function findCanaries(
  canaries: readonly Canary[],
  artefacts: Readonly<Record<string, string>>,
): string[] {
  return canaries.flatMap(({ name, forms }) =>
    Object.entries(artefacts).flatMap(([where, text]) => {
      const found = forms.map((form) => form.exec(text)).find((match) => match !== null)
      return found
        ? [`${name} in ${where}: …${text.slice(Math.max(0, found.index - 150), found.index + 60)}…`]
        : []
    }),
  )
}
