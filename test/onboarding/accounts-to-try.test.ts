import { describe, expect, it } from 'vitest'
import { accountsToTry } from '../../src/onboarding/signup/bind-token.ts'

const management = 'whatsapp_business_management'
const facts = (scopes: unknown) => ({ app_id: '1', is_valid: true, granular_scopes: scopes }) as never

describe('the accounts that a token is tried on', () => {
  it.each<[string, unknown, string[]]>([
    [
      'those that it names, in their order',
      [{ scope: management, target_ids: ['20', '10'] }],
      ['20', '10', '7'],
    ],
    ['none twice', [{ scope: management, target_ids: ['7', '10'] }], ['7', '10']],
    [
      'those of another scope of WhatsApp',
      [{ scope: 'whatsapp_business_x', target_ids: ['10'] }],
      ['10', '7'],
    ],
    [
      'those of other scopes last of what it names',
      [
        { scope: 'ads_read', target_ids: ['30'] },
        { scope: management, target_ids: ['10'] },
      ],
      ['10', '30', '7'],
    ],
    ['what has just come, where no ids stand', [{ scope: management }], ['7']],
    ['what has just come, where no scopes stand', null, ['7']],
  ])('are %s', (_, scopes, expected) => {
    expect(accountsToTry({ facts: facts(scopes), told: [], arrived: ['7'] })).toEqual(expected)
  })

  it('are what signup pages were told and what has just come, where nothing is known of the token', () => {
    expect(accountsToTry({ facts: null, told: ['8', '7'], arrived: ['7', '6'] })).toEqual(['8', '7', '6'])
  })

  it('are not more than a batch of reads takes', () => {
    const arrived = Array.from({ length: 40 }, (_, n) => String(n))
    expect(accountsToTry({ facts: null, told: [], arrived })).toEqual(arrived.slice(0, 20))
  })
})
