import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const signatureForm = /^sha256=([0-9a-f]{64})$/

/** What is no signature by its form cannot sign any body. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && signatureForm.test(header)
}

/**
 * Whether `header` signs exactly these bytes with one of the secrets. Every secret is tried, none stops the loop
 * early, and a blank one is never a key: an HMAC with an empty key is one that everybody can make.
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
