import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classify } from '../../src/webhooks/classify.ts'
import type { ClassifiedChange } from '../../src/webhooks/classify.ts'
import { parseEnvelope } from '../../src/webhooks/envelope.ts'
import { useOf } from '../../src/webhooks/fields.ts'
import { expected } from './expected.ts'

const folder = new URL('../fixtures/webhooks/', import.meta.url)
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))

function classified(name: string): { field: string; use: string; is: Partial<ClassifiedChange> }[] {
  const { object, changes, malformed } = parseEnvelope(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  expect(malformed).toEqual([])
  return changes.map((change) => {
    const { allowed: _, ...is } = classify(change, object)
    return { field: change.field, use: useOf(change.field), is }
  })
}

const nothing = {
  event: null,
  wabaId: null,
  solutionId: null,
  ownerBusinessId: null,
  partnerAppId: null,
  reportedStatus: null,
  isTest: false,
}

describe('a documented webhook', () => {
  it('has its expectation, and every expectation its webhook', () => {
    expect(Object.keys(expected).toSorted()).toEqual(
      names.filter((name) => !name.startsWith('counted.') && name !== 'batch').toSorted(),
    )
  })

  it.each(Object.entries(expected))('%s is classified as the table says', (name, { field, ...is }) => {
    const isRead = field === 'account_update' || field === 'partner_solutions'
    const use = isRead ? 'read' : name.startsWith('alert.') ? 'alert' : 'unknown'
    expect(classified(name)).toEqual([{ field, use, is: { ...nothing, ...is } }])
  })

  it.each(names.filter((name) => name.startsWith('counted.')))('%s is counted, not kept', (name) => {
    expect(classified(name).map(({ use, is }) => [use, is.kind, is.wabaId])).toEqual([
      ['counted', 'OTHER', null],
    ])
  })

  it('in a batch is taken change by change', () => {
    expect(classified('batch').map(({ use, is }) => [use, is.kind, is.solutionId])).toEqual([
      ['read', 'CLIENT_WABA_ONBOARDED', '1715120619246906'],
      ['read', 'CLIENT_WABA_APP_INSTALLED', '1715120619246906'],
      ['read', 'SOLUTION_UPDATED', '1715120619246906'],
      ['alert', 'ACCOUNT_ALERT', null],
      ['unknown', 'OTHER', null],
    ])
  })
})

const whatsapp = 'whatsapp_business_account'

function one(value: unknown, field = 'account_update', entryId: string | null = '77', object = whatsapp) {
  return classify({ entryId, entryTime: 1, field, value, raw: '' }, object)
}

describe('a change', () => {
  it('never has a portfolio taken for an account', () => {
    for (const event of [
      'PARTNER_ADDED',
      'PARTNER_REMOVED',
      'PARTNER_NEW',
      'MM_LITE_NEW',
      'AD_ACCOUNT_NEW',
    ]) {
      expect(one({ event }).wabaId).toBeNull()
    }
    const removal = one({ event: 'PARTNER_REMOVED', waba_info: {}, disconnection_info: {} })
    expect(removal).toMatchObject({ kind: 'CLIENT_WABA_REMOVED', wabaId: null })
  })

  it('never has one number that left taken for an account that did', () => {
    for (const more of [{ phone_number: '15550783881' }, { disconnection_info: {} }])
      expect(one({ event: 'PARTNER_REMOVED', ...more })).toMatchObject({
        kind: 'PHONE_NUMBER_DISCONNECTED',
        wabaId: '77',
      })
  })

  it('of an event not known yet belongs to the account that waba_info names, else to that of its entry', () => {
    expect(one({ event: 'PARTNER_NEW', waba_info: { waba_id: '5' } })).toMatchObject({
      kind: 'CLIENT_WABA_UPDATED',
      wabaId: '5',
    })
    expect(one({ event: 'SOMETHING_NEW' })).toMatchObject({ kind: 'CLIENT_WABA_UPDATED', wabaId: '77' })
    expect(one({ event: 'SOMETHING_NEW' }, 'account_update', null).kind).toBe('OTHER')
  })

  it.each([null, 'ACCOUNT_DELETED', 7, [], {}, { event: 7 }, { event: '' }, { event: 'a\nb' }])(
    'with the value %j is kept as OTHER',
    (value) => {
      expect(one(value)).toMatchObject({ ...nothing, kind: 'OTHER' })
      expect(one(value, 'partner_solutions')).toMatchObject({ ...nothing, kind: 'OTHER' })
    },
  )

  it.each(['account_update', 'account_review_update', 'security'])(
    'of another object is OTHER and about no account, also in the field %s',
    (field) => {
      const value = { event: 'ACCOUNT_DELETED', decision: 'REJECTED' }
      for (const object of ['page', 'whatsapp_account'])
        expect(one(value, field, '77', object)).toMatchObject({ kind: 'OTHER', wabaId: null })
    },
  )

  it('of a solution without a usable id is OTHER', () => {
    for (const solution_id of [undefined, '', '1/accept', 'x', '123456789012345678901', -1, 1.5]) {
      const value = { event: 'SOLUTION_UPDATED', solution_id }
      expect(one(value, 'partner_solutions')).toMatchObject({ kind: 'OTHER', solutionId: null })
    }
    expect(one({ event: 'SOLUTION_UPDATED', solution_id: 774 }, 'partner_solutions').solutionId).toBe('774')
  })

  it('lets no id through that is not 1 to 20 digits', () => {
    const waba_info = { waba_id: '../1', owner_business_id: { id: 1 }, solution_id: '', partner_app_id: ' 1' }
    expect(one({ event: 'PARTNER_ADDED', waba_info })).toMatchObject({
      kind: 'CLIENT_WABA_ONBOARDED',
      wabaId: null,
      ownerBusinessId: null,
      solutionId: null,
      partnerAppId: null,
    })
    expect(one({ event: 'ACCOUNT_DELETED' }, 'account_update', '7?x=1').wabaId).toBeNull()
  })

  it('is not fooled by names that every object has', () => {
    const ofMeta = JSON.parse('{"event":"SOMETHING_NEW","__proto__":{"waba_info":{"waba_id":"1"}}}') as object
    expect(one(ofMeta)).toMatchObject({ kind: 'CLIENT_WABA_UPDATED', wabaId: '77' })
    for (const event of ['constructor', '__proto__'])
      expect(one({ event })).toMatchObject({ kind: 'OTHER', event: null, wabaId: null })
    expect(useOf('constructor')).toBe('unknown')
    expect(useOf('__proto__')).toBe('unknown')
  })
})
