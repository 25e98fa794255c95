import { expect, test } from 'vitest'
import { appSecretProof, createProofMemo } from '../../src/graph/prepare.ts'

// RFC 4231, test case 2.
test('the proof is the hex HMAC-SHA256 of the token under the app secret', () => {
  expect(appSecretProof('what do ya want for nothing?', 'Jefe')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('remembered proofs are those of their own secret and token, also after others pushed them out', () => {
  const prove = createProofMemo(2)
  for (const [token, secret] of [
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
    ['a', 'x'],
    ['a', 'x'],
  ] as const) {
    expect(prove(token, secret)).toBe(appSecretProof(token, secret))
  }
})
