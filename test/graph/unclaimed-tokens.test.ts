import { describe, expect, it } from 'vitest'
import type { AppConfig } from '../../src/config/config.ts'
import { UnclaimedTokens } from '../../src/graph/unclaimed-tokens.ts'

const [app, other] = ['1', '2'].map((appId) => ({ appId }) as AppConfig) as [AppConfig, AppConfig]

describe('a token that came for a code, of which nobody knows yet whose it is', () => {
  const held = () => {
    const tokens = new UnclaimedTokens()
    for (const [digest, owner, wabaId] of [
      ['mine', app, '10'],
      ['another account', app, '11'],
      ['another app', other, '10'],
      ['no account', app, null],
    ] as const)
      tokens.hold(digest, { app: owner, token: `token of ${digest}`, wabaId, expiresAt: null })
    return tokens
  }

  it('goes to the app that it came for, once it is known who owns the account that it opens', () => {
    expect(
      held()
        .claim('1', '10')
        .map(({ token }) => token),
    ).toEqual(['token of mine'])
  })

  it('goes there once, and leaves the others where they are', () => {
    const tokens = held()
    tokens.claim('1', '10')
    expect(tokens.claim('1', '10')).toEqual([])
    expect(tokens.of('mine')).toBeUndefined()
    expect(['another account', 'another app', 'no account'].filter((digest) => !tokens.of(digest))).toEqual(
      [],
    )
  })
})
