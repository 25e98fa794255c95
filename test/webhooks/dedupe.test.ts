import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { dedupeKey } from '../../src/webhooks/dedupe.ts'
import type { AllowedValue } from '../../src/webhooks/allowlist/allowlist.ts'

const change = {
  entryId: '506914307656634',
  entryTime: 1739411024,
  field: 'partner_solutions',
  value: { event: 'SOLUTION_UPDATED', solution_id: '774485461512159' } as unknown,
}
const fingerprint = (content: string | Uint8Array): string => hash('sha512', content, 'hex')
const hour = 60 * 60_000

interface Over extends Partial<Omit<typeof change, 'entryTime'>> {
  readonly entryTime?: number | null
}

function key(over: Over = {}, appId = '1', object = 'whatsapp_business_account', receivedAt = 0): string {
  const told = { ...change, ...over }
  const kept = { value: told.value as object as AllowedValue['value'], isWhole: true }
  return dedupeKey({ appId, receivedAt, fingerprint }, object, told, kept)
}

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

  it('of a change without a time takes what is the same within an hour for a repeat', () => {
    const at = (receivedAt: number): string => key({ entryTime: null }, '1', 'page', receivedAt)
    expect(at(2 * hour + 1)).toBe(at(3 * hour - 1))
    expect(at(3 * hour)).not.toBe(at(3 * hour - 1))
    expect(key({}, '1', 'page', 2 * hour)).toBe(key({}, '1', 'page', 9 * hour))
  })

  it('of a change of which something was left out tells it from others only with the secret', () => {
    const kept = { value: { event: 'SOLUTION_UPDATED' }, isWhole: false }
    const of = (requester: string, print: typeof fingerprint | null) =>
      dedupeKey(
        { appId: '1', receivedAt: 0, fingerprint: print },
        null,
        { ...change, value: { requester } },
        kept,
      )
    expect(of('61555822107539', fingerprint)).not.toBe(of('61555822107540', fingerprint))
    expect(of('61555822107539', fingerprint)).not.toBe(of('61555822107539', () => 'with another secret'))
    // Nothing of it is in a key that anybody could make.
    expect(of('61555822107539', null)).toBe(of('61555822107540', null))
  })
})
