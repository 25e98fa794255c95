import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadMessage, readSessionMessage } from '../../src/alerts/signup-session-message.ts'

const message = (event: string, data: unknown = {}, more: object = {}) => ({
  type: 'WA_EMBEDDED_SIGNUP',
  event,
  data,
  ...more,
})
const ids = { phone_number_id: '700200300400500', waba_id: '700300400500600', business_id: '700400500600700' }

describe('a message of Embedded Signup', () => {
  it.each<[string, unknown, object]>([
    [
      'finished with a number',
      message('FINISH', ids),
      {
        outcome: 'FINISHED',
        wabaIds: ['700300400500600'],
        phoneNumberId: '700200300400500',
        businessId: '700400500600700',
        coexistence: false,
      },
    ],
    [
      'finished without a number',
      message('FINISH_ONLY_WABA', { ...ids, phone_number_id: undefined }),
      { outcome: 'FINISHED', event: 'FINISH_ONLY_WABA', phoneNumberId: null },
    ],
    [
      'finished with several accounts',
      message('FINISH', { ...ids, waba_ids: ['700300400500600', '700300400500601'] }),
      { wabaIds: ['700300400500600', '700300400500601'] },
    ],
    [
      'coexistence, with an account alone',
      message('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', { waba_id: '1' }, { version: 3 }),
      { outcome: 'FINISHED', wabaIds: ['1'], phoneNumberId: null, businessId: null, coexistence: true },
    ],
    [
      'a login with the WhatsApp Business app',
      message('FINISH', { ...ids, is_wa_login_user: true }),
      { outcome: 'FINISHED', coexistence: true },
    ],
    ['a migration without data', message('FINISH_OBO_MIGRATION', undefined), { outcome: 'FINISHED' }],
    ['an app-only install', message('FINISH_GRANT_ONLY_API_ACCESS', ids), { outcome: 'FINISHED' }],
    [
      'an end that is new',
      message('FINISH_BY_PIGEON', ids),
      { outcome: 'FINISHED', event: 'FINISH_BY_PIGEON', coexistence: null },
    ],
    ['finished without saying what', message('FINISH'), { outcome: 'FINISHED', coexistence: null }],
    [
      'an end that is new, of a login with the WhatsApp Business app',
      message('FINISH_BY_PIGEON', { ...ids, is_wa_login_user: true }),
      { coexistence: true },
    ],
    [
      'cancelled on a screen',
      message('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }),
      { outcome: 'CANCELLED', step: 'PHONE_NUMBER_SETUP', errorCode: null, coexistence: null },
    ],
    [
      'cancelled with an error that the customer reported',
      message('CANCEL', {
        error_message: 'The number is not available.',
        error_code: '3441030',
        session_id: 'f34b51dab5e0498',
        timestamp: '1763722800',
      }),
      {
        outcome: 'CANCELLED',
        errorCode: '3441030',
        sessionId: 'f34b51dab5e0498',
        at: 1_763_722_800_000,
      },
    ],
    [
      'the same as older samples have it',
      message('CANCEL', { error_id: 524_126, timestamp: '2026-11-21T11:00:00.000Z' }),
      { errorCode: '524126', at: Date.parse('2026-11-21T11:00:00Z') },
    ],
    ['an error', message('ERROR', { error_message: 'Something failed.' }), { outcome: 'ERROR' }],
    ['something that nobody knows', message('PAUSED', ids), { outcome: 'UNKNOWN', event: 'PAUSED' }],
  ])('tells of %s', (_, given, expected) => {
    expect(readSessionMessage(given)).toMatchObject(expected)
    expect(readSessionMessage(JSON.stringify(given))).toMatchObject(expected)
  })

  it('keeps every digit of an id that stands as a number in a text', () => {
    const text = `{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_id":12345678901234567890}}`
    expect(readSessionMessage(text).wabaIds).toEqual(['12345678901234567890'])
    expect(() => readSessionMessage(message('FINISH', { waba_id: 2 ** 60 }))).toThrow(/as a string/)
  })

  it('loses whatever has no place: people, numbers, names, addresses', () => {
    const given = message('CANCEL', {
      current_step: 'somebody@example.com',
      error_code: 'Jane Doe',
      error_message: 'Jane Doe is asked at jane.doe@example.com or +1 (555) 000-9001.',
      session_id: 'Jane Doe',
      business_name: 'Jane Doe',
      phone_number: '+15550009001',
      waba_id: '+15550009001',
      email: 'jane.doe@example.com',
      person: { name: 'Jane Doe' },
    })
    const kept = JSON.stringify(readSessionMessage(given))
    expect(kept).not.toMatch(/jane|doe|example\.com|555|9001/i)
  })

  it('is the one or is refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (data, other) => {
        for (const given of [other, JSON.stringify(other), message('FINISH', data), message('CANCEL', data)])
          try {
            const facts = readSessionMessage(given)
            expect(Object.keys(facts)).toHaveLength(10)
          } catch (error) {
            expect(error).toBeInstanceOf(BadMessage)
          }
      }),
    )
  })
})
