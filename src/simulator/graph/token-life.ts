import type { TokenRow } from '../world/rows.ts'
import { GraphError } from './error.ts'

const dead = (subcode: number, why: string): GraphError =>
  new GraphError(190, `Error validating access token: ${why}`, { subcode })

// Meta's guide "Handling errors": 458 app not installed, 463 expired, 467 invalid
const reasons = {
  458: 'The customer has removed the app.',
  467: 'The session is invalid because the token was taken back.',
} as const

/** Why a token that is known does not work at that instant (unix seconds); undefined when it does. */
export function deadToken({ expiresAt, revoked }: TokenRow, now: number): GraphError | undefined {
  if (revoked !== undefined) return dead(revoked, reasons[revoked])
  if (expiresAt === undefined || expiresAt > now) return undefined
  return dead(463, `Session has expired on ${new Date(expiresAt * 1000).toUTCString()}.`)
}
