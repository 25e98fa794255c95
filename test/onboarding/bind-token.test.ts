import { describe, expect, it } from 'vitest'
import { accountIn } from '../../src/onboarding/bind-token.ts'

const scope = 'whatsapp_business_management'
const facts = (more: object = {}) =>
  ({ app_id: '1', is_valid: true, granular_scopes: [{ scope, target_ids: ['20', '10'] }], ...more }) as never

describe('the account that a token is for', () => {
  it('is the one that is named, or else the newest', () => {
    expect(accountIn(facts(), '1', '10')).toBe('10')
    expect(accountIn(facts(), '1', null)).toBe('20')
  })

  it.each([
    ['another app', facts({ app_id: '2' })],
    ['no app', facts({ app_id: null })],
    ['a token that is not valid', facts({ is_valid: false })],
    ['no scopes', facts({ granular_scopes: null })],
    ['a scope without accounts, which is not one with all', facts({ granular_scopes: [{ scope }] })],
    ['accounts of another scope', facts({ granular_scopes: [{ scope: 'other', target_ids: ['10'] }] })],
  ])('is none with %s', (_, given) => {
    expect(() => accountIn(given, '1', '10')).toThrow(/token/)
    expect(() => accountIn(given, '1', null)).toThrow(/token/)
  })

  it('is none that the token does not name', () => {
    expect(() => accountIn(facts(), '1', '30')).toThrow(/does not name/)
  })
})
