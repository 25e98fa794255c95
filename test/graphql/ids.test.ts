import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromGlobalId, parseId, toGlobalId } from '../../src/graphql/ids.ts'

describe('ids in arguments', () => {
  it('are taken as global ids and as bare Meta ids', () => {
    const id = '795033096057724'
    expect(parseId('Solution', id)).toEqual({ id, appId: null })
    expect(parseId('Solution', toGlobalId('Solution', id))).toEqual({ id, appId: null })
    expect(parseId('Solution', toGlobalId('Solution', id, '12'))).toEqual({ id, appId: '12' })
  })

  it('of another type are refused by name', () => {
    expect(parseId('Solution', toGlobalId('ClientWaba', '1'))).toEqual({
      problem: 'This is the id of a ClientWaba; the id of a Solution is expected.',
    })
  })

  it.each([
    '123/subscribed_apps',
    '../v1.0/me',
    '..%2fme',
    '123?fields=access_token',
    '123#',
    'me',
    '@evil.example/',
    '//evil.example/x',
    '1\r\nX:y',
    '１２３',
    '123\0',
    '123 ',
    ' 123',
    '',
    '-1',
    '1e9',
    '123456789012345678901',
    toGlobalId('Partner', '1:2'),
  ])('such as %j reach no URL', (text) => {
    expect(parseId('Solution', text)).toHaveProperty('problem')
  })

  it('are digits and nothing else, whatever is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseId('Solution', text)
        return 'problem' in parsed || /^[0-9]{1,20}$/.test(parsed.id)
      }),
      { numRuns: 5_000 },
    )
  })

  it('read back as what they were made of, and in one spelling only', () => {
    expect(fromGlobalId(toGlobalId('SolutionEvent', '12'))).toEqual({
      type: 'SolutionEvent',
      key: '12',
      appId: null,
    })
    expect(fromGlobalId(toGlobalId('Partner', '1:2', '3'))).toEqual({
      type: 'Partner',
      key: '1:2',
      appId: '3',
    })
    expect(fromGlobalId(toGlobalId('SolutionEvent', '12', '3'))).toBeNull()
    expect(fromGlobalId(`${toGlobalId('SolutionEvent', '12')}=`)).toBeNull()
    const made = (text: string) => fromGlobalId(Buffer.from(text).toString('base64url'))
    for (const text of ['ClientWaba:1:2@3', 'ClientWaba::@3', 'Partner:1@3', 'Partner:1:2:4@3'])
      expect(made(text)).toBeNull()
    expect(fromGlobalId(Buffer.from('Query:1').toString('base64url'))).toBeNull()
  })

  it('of an event name its position, also where a newer release has made them and tells it as another type', () => {
    const made = (text: string) => fromGlobalId(Buffer.from(text).toString('base64url'))
    expect(made('NumberMovedEvent:12')).toEqual({ type: 'OtherEvent', key: '12', appId: null })
    expect(made('NumberMovedEvent:12@3')).toBeNull()
    expect(fromGlobalId(`${Buffer.from('NumberMovedEvent:12').toString('base64url')}=`)).toBeNull()
  })
})
