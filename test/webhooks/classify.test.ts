import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classify } from '../../src/webhooks/classify.ts'
import type { ClassifiedChange } from '../../src/webhooks/classify.ts'
import { readEnvelope } from '../../src/webhooks/envelope.ts'
import { useOf } from '../../src/webhooks/fields.ts'
import { expected } from './expected.ts'

const folder = new URL('../fixtures/webhooks/', import.meta.url)
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))

function classified(name: string): { field: string; use: string; is: Partial<ClassifiedChange> }[] {
  const { object, changes, malformed } = readEnvelope(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  expect(malformed).toEqual([])
  return changes.map((change) => {
    const { details: _, ...is } = classify(change, object)
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
    const use = field === 'account_update' || field === 'partner_solutions' ? 'read' : 'unknown'
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
      ['counted', 'OTHER', null],
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
    expect(one({ event: 'PARTNER_REMOVED', waba_info: {}, disconnection_info: {} }).wabaId).toBeNull()
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

  it('of another object is OTHER, whatever its field says', () => {
    const value = { event: 'ACCOUNT_DELETED' }
    expect(one(value, 'account_update', '77', 'page')).toMatchObject({ kind: 'OTHER', wabaId: null })
  })

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

  it('keeps as details what has no place of its own', () => {
    const waba_info = { waba_id: '1', owner_business_id: '2', solution_id: '3', partner_app_id: '4' }
    const partners = { solution_partner_business_ids: ['5', '6'] }
    const named = one({ event: 'PARTNER_ADDED', waba_info })
    expect(named.details).toBeNull()
    const more = one({ event: 'PARTNER_ADDED', waba_info: { ...waba_info, ...partners }, extra: 1 })
    expect(more.details).toEqual({ extra: 1, waba_info: partners })
    const country = one({ event: 'BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE', country: 'IN' })
    expect(country.details).toEqual({ country: 'IN' })
  })

  it('is not fooled by names that every object has', () => {
    expect(one({ event: 'constructor' }).kind).toBe('CLIENT_WABA_UPDATED')
    expect(
      one({ event: '__proto__', ...(JSON.parse('{"__proto__":{"waba_info":1}}') as object) }).wabaId,
    ).toBe('77')
    expect(useOf('constructor')).toBe('unknown')
    expect(useOf('__proto__')).toBe('unknown')
  })
})
