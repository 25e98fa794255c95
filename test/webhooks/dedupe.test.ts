import { describe, expect, it } from 'vitest'
import { dedupeKey } from '../../src/webhooks/dedupe.ts'

const change = {
  entryId: '506914307656634',
  entryTime: 1739411024,
  field: 'partner_solutions',
  value: { event: 'SOLUTION_UPDATED', solution_id: '774485461512159' } as unknown,
}
const key = (over: Partial<typeof change> = {}, appId = '1', object = 'whatsapp_business_account'): string =>
  dedupeKey(appId, object, { ...change, ...over })

describe('a dedupe key', () => {
  it('begins with the time and is the same for the same change, whatever the order of its keys', () => {
    expect(key()).toMatch(/^\d{12,}-[\w-]{43}$/)
    expect(key({ value: { solution_id: '774485461512159', event: 'SOLUTION_UPDATED' } })).toBe(key())
  })

  it('stays what it is from version to version', () => {
    // the time, and the sha256sum of the six parts with U+001F between them as base64url
    expect(key()).toBe('001739411024-ODKeiwYN_qtv8z5wj5mMpIJu2UQsG1LqmIjeat9bYP8')
  })

  it('differs by app, object, entry, field, time and value', () => {
    const keys = [
      key(),
      key({}, '2'),
      key({}, '1', 'page'),
      key({ entryId: '506914307656635' }),
      key({ field: 'account_update' }),
      key({ entryTime: 1739411025 }),
      key({ value: { event: 'SOLUTION_UPDATED' } }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('tells a state that came round again from a repeat', () => {
    expect(key({ entryTime: 1739500000 })).not.toBe(key())
  })
})
