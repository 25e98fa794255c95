import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvelope } from '../../src/webhooks/envelope.ts'
import { applyAllowList, plainName } from '../../src/webhooks/allowlist/allowlist.ts'
import { whatsappTopic } from '../../src/webhooks/fields.ts'

const folder = new URL('../fixtures/webhooks/', import.meta.url)
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
const read = (name: string) => parseEnvelope(readFileSync(new URL(`${name}.json`, folder), 'utf8'))

/** What is left out of the fixtures of known fields, by hand: everything else is kept as it came. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'alert.account-settings-update': ['calling'],
  'alert.message-template-components-update': ['message_template_element'],
  'alert.payment-configuration-update': ['provider_mid'],
  'alert.security': ['requester'],
  'unknown-event.account': ['phone_number'],
  'unknown-event.partner': ['name'],
}

describe('of a change of a known field', () => {
  const known = names.filter((name) => !/^(?:batch|counted\.|unknown-(?:field|object))/.test(name))

  it.each(known)('%s is kept what Meta documents and is no person and no conversation', (name) => {
    const { changes, object } = read(name)
    for (const change of changes) {
      const { value, isWhole } = applyAllowList(change, object)
      const { $leftOut, ...rest } = value as { $leftOut?: { keys: string[] } }
      expect($leftOut?.keys ?? []).toEqual(leftOut[name] ?? [])
      expect(isWhole).toBe(leftOut[name] === undefined)
      if (isWhole) expect(rest).toEqual(change.value)
    }
  })

  it('is kept, of an event that nobody knows, what its keys say is an id, a state or a time', () => {
    const value = {
      event: 'SOMETHING_NEW',
      partner_solution_id: '795',
      primary_waac_ids: ['1', '2'],
      new_status: 'HALF_OPEN',
      ends_at: 1_796_041_184,
      review_info: { end_business_id: '77', review_state: 'OPEN', reviewer: 'Ana Canary' },
      user_id: '4915123456789',
      contact_ids: ['4915123456789'],
      message_status: 'Hi Ana',
      last_seen_at: '4915123456789',
      note: 'a private word',
    }
    const { $leftOut: left, ...kept } = applyAllowList(
      { field: 'account_update', value },
      whatsappTopic,
    ).value
    expect(kept).toEqual({
      event: 'SOMETHING_NEW',
      partner_solution_id: '795',
      primary_waac_ids: ['1', '2'],
      new_status: 'HALF_OPEN',
      ends_at: 1_796_041_184,
      review_info: { end_business_id: '77', review_state: 'OPEN' },
    })
    expect(left).toMatchObject({
      keys: ['contact_ids', 'last_seen_at', 'message_status', 'note', 'reviewer', 'user_id'],
    })
  })

  it('is kept no sentence that is long, or holds what could be a phone number or an address', () => {
    const kept = (alert_description: string) =>
      applyAllowList({ field: 'account_alerts', value: { alert_description } }, whatsappTopic).value[
        'alert_description'
      ]
    expect(kept('Limits cannot be raised for 2 of your 14 numbers yet.')).toBeDefined()
    for (const text of ['x'.repeat(501), 'Call +49 (151) 234-567.', 'Write to ana@example.com.', 'a\nb'])
      expect(kept(text)).toBeUndefined()
  })

  it('is kept no name that Meta has found to be that of a person', () => {
    const kept = (rejection_reason: string) => {
      const value = { decision: 'REJECTED', requested_verified_name: 'Ana from Best Shop', rejection_reason }
      return applyAllowList({ field: 'phone_number_name_update', value }, whatsappTopic).value
    }
    expect(kept('NAME_FORMAT_UNACCEPTABLE')).toHaveProperty('requested_verified_name')
    for (const reason of ['NAME_EMPLOYEE_ISSUE', 'NAME_INDIVIDUAL_ISSUE'])
      expect(kept(reason)).toEqual({
        decision: 'REJECTED',
        rejection_reason: reason,
        $leftOut: { size: 20, keys: ['requested_verified_name'] },
      })
  })

  it('is kept no id of what no page names, which may be somebody’s phone number', () => {
    const kept = (entity_type: unknown) =>
      applyAllowList(
        { field: 'account_alerts', value: { entity_type, entity_id: '4915123456789' } },
        whatsappTopic,
      ).value
    for (const type of ['BUSINESS', 'PHONE_NUMBER', 'CURRENT_STATUS_ID', 'WABA'])
      expect(kept(type)).toEqual({ entity_type: type, entity_id: '4915123456789' })
    expect(kept('USER')).toEqual({ entity_type: 'USER', $leftOut: { size: 15, keys: ['entity_id'] } })
    for (const type of [null, undefined, 7, 'constructor']) expect(kept(type)).not.toHaveProperty('entity_id')
  })

  it.each(['account_update', 'partner_solutions', 'security', 'phone_number_quality_update'])(
    'is kept, of %s, a name of an event only in the form of Meta’s own',
    (field) => {
      const kept = (event: string) => applyAllowList({ field, value: { event } }, whatsappTopic).value
      expect(kept('SOMETHING_NEW')).toEqual({ event: 'SOMETHING_NEW' })
      for (const event of ['Jane_Doe', 'jane_doe', 'JANE_DOE_1984', 'X'.repeat(41)])
        expect(kept(event)).not.toHaveProperty('event')
    },
  )

  it('is kept the same when it is handled again', () => {
    const value = { event: 'PARTNER_ADDED', message: 'a private word' }
    const once = applyAllowList({ field: 'account_update', value }, whatsappTopic)
    const again = applyAllowList({ field: 'account_update', value: once.value }, whatsappTopic)
    expect(again).toEqual({ value: once.value, isWhole: true })
  })
})

describe('of a change that nobody knows', () => {
  it('is kept its size and the names of its keys, where those are names', () => {
    const value = { contacts: [{ wa_id: '4915123456789' }], '4915123456789': 'Ana', Ana: 1 }
    expect(applyAllowList({ field: 'a_new_field', value }, whatsappTopic)).toEqual({
      value: { size: JSON.stringify(value).length, keys: ['contacts'] },
      isWhole: false,
    })
    expect(applyAllowList({ field: 'a_new_field', value: 'a private word' }, whatsappTopic).value).toEqual({
      size: 16,
      keys: [],
    })
  })

  it('is kept its name only in the form of Meta’s own', () => {
    expect(plainName('a_new_field')).toBe('a_new_field')
    for (const name of ['Jane_Doe', 'JANE_DOE', 'jane_doe_84', 'x'.repeat(41), '', null])
      expect(plainName(name)).toBe('$unnamed')
  })

  it('is kept, of a known field of another object, no more', () => {
    const value = { event: 'PIN_CHANGED', display_phone_number: '4915123456789' }
    expect(applyAllowList({ field: 'security', value }, 'page').value).toEqual({
      size: JSON.stringify(value).length,
      keys: ['display_phone_number', 'event'],
      $object: 'page',
    })
    expect(applyAllowList({ field: 'security', value }, '4915123456789').value['$object']).toBe('$unnamed')
  })

  it('is kept, of the topic that Meta has announced, what is an id, and in whose name it came', () => {
    const [change] = read('unknown-object.whatsapp-account').changes
    expect(applyAllowList(change!, 'whatsapp_account').value).toEqual({
      event: 'WHATSAPP_ACCOUNT_SHARED',
      waac_id: '700100200300400',
      phone_number_id: '106540352242922',
      $leftOut: { size: '{"name":"Somebody"}'.length, keys: ['profile'] },
      $object: 'whatsapp_account',
    })
  })
})

const fields = [
  'account_update',
  'partner_solutions',
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'business_capability_update',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'template_correct_category_detection',
  'whatsapp_things',
]

const canaries = [
  'Ana Canary-Smith',
  'Hi, this is a canary of a message.',
  '4915123456789',
  '+49 151 2345 6789',
  'ana@canary.example',
  'wamid.HBgNNDkxNTEyMzQ1Njc4ORUCCANARY=',
  'US.13491208655302741918',
]

/** Keys below which people and conversations stand in Meta's pages, and some that nobody has thought of. */
const personal = [
  'messages',
  'contacts',
  'profile',
  'name',
  'wa_id',
  'user_id',
  'from',
  'to',
  'recipient_id',
  'requester',
  'text',
  'body',
  'caption',
  'phone',
  'email',
  'statuses',
  'history',
  'state_sync',
  'calls',
  'message_echoes',
  'conversation',
  'a_key_of_tomorrow',
  'customerName',
]

/** Keys that a rule knows, and not for an id: a number of a person has no other form than an id of Graph's. */
const documented = [
  'waba_info',
  'alert_info',
  'disconnection_info',
  'restriction_info',
  'violation_info',
  'ban_info',
  'rejection_info',
  'other_info',
  'sessionInfo',
  'phone_number_settings',
  'event',
  'decision',
  'rejection_reason',
  'message_template_name',
  'restriction_type',
  'expiration',
  'solution_status',
  'new_status',
  'tier',
  'country',
]

const leaf = fc.constantFrom<unknown>(...canaries, 4_915_123_456_789, true, null, 7)
const value = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthSize: 'small' }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('tree'), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom(...personal, ...documented, ...canaries), tie('tree'), {
    maxKeys: 8,
  }),
}))

describe('whatever Meta sends', () => {
  it('no word, name or number of a person is kept of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.constantFrom(whatsappTopic, 'whatsapp_account', 'page'),
        value.object,
        (field, object, sent) => {
          const kept = JSON.stringify(applyAllowList({ field, value: sent }, object).value)
          for (const canary of canaries) expect(kept).not.toContain(canary)
          expect(kept).not.toMatch(/[0-9]{11}/)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
