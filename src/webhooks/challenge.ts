import { verifyToken } from './verify.ts'

// Opaque to us: an int on the Graph API's "Webhooks" page, a random string on WhatsApp's. Nothing of HTML's in it.
const safeChallenge = /^[\w.~:+/=-]{1,1024}$/

/** The challenge to echo for a verification request, or null when it is to be refused. */
export function challengeOf(rawQuery: string, verifyTokens: readonly string[]): string | null {
  const query = new URLSearchParams(rawQuery)
  const isTokenRight = verifyToken(only(query, 'hub.verify_token'), verifyTokens)
  const challenge = only(query, 'hub.challenge')
  if (!isTokenRight || only(query, 'hub.mode') !== 'subscribe') return null
  return challenge !== undefined && safeChallenge.test(challenge) ? challenge : null
}

// Said twice is said by somebody who hopes that two readers pick differently.
function only(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  return values.length === 1 ? values[0] : undefined
}
