import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const signatureForm = /^sha256=([0-9a-f]{64})$/

/** Whether the header has the form of a signature. Any other cannot sign a body. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && signatureForm.test(header)
}

/**
 * Whether `header` signs exactly these bytes with one of the secrets. Every secret is tried, so the time taken says
 * nothing, and a blank secret is never used: everybody can make an HMAC with an empty key.
 */
export function verifySignature(
  rawBody: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  const hex = header === undefined ? undefined : signatureForm.exec(header)?.[1]
  if (hex === undefined) return false
  const given = Buffer.from(hex, 'hex')
  let accepted = false
  for (const secret of secrets.filter(isUsable)) {
    const expected = createHmac('sha256', secret).update(rawBody).digest()
    if (timingSafeEqual(expected, given)) accepted = true
  }
  return accepted
}

/** Compares digests, so that neither the length nor a common prefix of a token shows in the time taken. */
export function verifyToken(given: string | undefined, expected: readonly string[]): boolean {
  if (given === undefined || !isUsable(given)) return false
  const digest = sha256(given)
  let accepted = false
  for (const token of expected.filter(isUsable)) {
    if (timingSafeEqual(sha256(token), digest)) accepted = true
  }
  return accepted
}

const isUsable = (secret: string): boolean => secret.trim() !== ''

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

// An opaque text: an integer on the Graph API's "Webhooks" page, a random string on WhatsApp's. Nothing that HTML could
// interpret is echoed.
const safeChallenge = /^[\w.~:+/=-]{1,1024}$/

/** The challenge to echo for a verification request, or null when it is to be refused. */
export function challengeToEcho(rawQuery: string, verifyTokens: readonly string[]): string | null {
  const query = new URLSearchParams(rawQuery)
  const isTokenRight = verifyToken(only(query, 'hub.verify_token'), verifyTokens)
  const challenge = only(query, 'hub.challenge')
  if (!isTokenRight || only(query, 'hub.mode') !== 'subscribe') return null
  return challenge !== undefined && safeChallenge.test(challenge) ? challenge : null
}

// A parameter that is given twice is refused, because two readers could pick different values.
function only(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  return values.length === 1 ? values[0] : undefined
}
