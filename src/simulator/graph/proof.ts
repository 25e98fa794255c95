import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Caller } from './caller.ts'
import { GraphError } from './error.ts'

const proofError = (message: string): GraphError =>
  new GraphError(100, message, { type: 'GraphMethodException' })

export const proofMissing = (): GraphError =>
  proofError('API calls from the server require an appsecret_proof argument')

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Checked when sent, asked for when the app says so: Meta's guide "Secure Graph API calls". */
export function checkProof({ app, token }: Caller, proof: string | undefined): void {
  if (proof === undefined) {
    if (app.requireAppSecret) throw proofMissing()
    return
  }
  const expected = createHmac('sha256', app.secret).update(token).digest('hex')
  if (!same(proof, expected)) throw proofError('Invalid appsecret_proof provided in the API argument')
}
