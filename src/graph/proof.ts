import { createHmac } from 'node:crypto'
import { BoundedMap } from './bounded-map.ts'

// Hex HMAC-SHA256 with the app secret as key and the call's token as message:
// developers.facebook.com/docs/graph-api/guides/secure-requests
export function appSecretProof(token: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(token).digest('hex')
}

/** Remembers the proofs of the credentials in use. */
export function createProofMemo(size = 1000): typeof appSecretProof {
  const known = new BoundedMap<string>(size)
  return (token, appSecret) => {
    const key = `${appSecret}\n${token}`
    const proof = known.get(key) ?? appSecretProof(token, appSecret)
    known.set(key, proof)
    return proof
  }
}
