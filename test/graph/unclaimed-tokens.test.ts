import { describe, expect, it } from 'vitest'
import type { AppConfig } from '../../src/config/config.ts'
import { UnclaimedTokens } from '../../src/graph/unclaimed-tokens.ts'

const [app, other] = ['1', '2'].map((appId) => ({ appId }) as AppConfig) as [AppConfig, AppConfig]

describe('a token that came for a code, of which nobody knows yet whose it is', () => {
  const held = async () => {
    const tokens = new UnclaimedTokens(null)
    for (const [digest, owner, wabaId] of [
      ['mine', app, '10'],
      ['another account', app, '11'],
      ['another app', other, '10'],
      ['no account', app, null],
    ] as const)
      await tokens.hold({ app: owner, digest, token: `token of ${digest}`, wabaId, expiresAt: null })
    return tokens
  }

  it('goes to the app that it came for, once it is known who owns the account that it opens', async () => {
    const claimed = (await held()).claim('1', '10')
    expect(claimed.map(({ token }) => token)).toEqual(['token of mine'])
  })

  it('goes there once, and leaves the others where they are', async () => {
    const tokens = await held()
    tokens.claim('1', '10')
    expect(tokens.claim('1', '10')).toEqual([])
    expect(await tokens.of(app, 'mine')).toBeNull()
    for (const digest of ['another account', 'another app', 'no account'])
      expect(await tokens.of(app, digest)).not.toBeNull()
  })
})
