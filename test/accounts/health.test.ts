import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodes } from '../../src/graph/nodes.ts'
import { accountToPay, healthOf } from '../../src/accounts/health.ts'

const read = (sent: unknown) => nodes.ClientWaba.shape.parse({ id: '1', health_status: sent }).health_status
const judged = (sent: unknown) => healthOf(read(sent) ?? {}, 'PARTNER')

// The first as in live answers that others have published, the second as on Meta's page "Messaging health status".
const unpaid = {
  can_send_message: 'BLOCKED',
  entities: [
    {
      entity_type: 'WABA',
      id: '700300400500600',
      can_send_message: 'BLOCKED',
      errors: [{ error_code: 141006, error_description: 'Unpaid.', possible_solution: 'Pay.' }],
    },
    {
      entity_type: 'BUSINESS',
      id: '700400500600700',
      can_send_message: 'LIMITED',
      errors: [{ error_code: 141010, error_description: 'Not verified.' }],
    },
    { entity_type: 'APP', id: '700500600700800', can_send_message: 'AVAILABLE' },
  ],
}
const callsOnly = {
  can_send_message: 'AVAILABLE',
  entities: [
    {
      entity_type: 'PHONE_NUMBER',
      id: '1',
      can_send_message: 'AVAILABLE',
      can_receive_call_sip: 'BLOCKED',
      errors: [{ error_code: 138024, error_description: 'No SIP.' }],
    },
    { entity_type: 'APP', id: '2', can_send_message: 'LIMITED', additional_info: ['Not subscribed.'] },
  ],
}

describe('health', () => {
  it('says what is the matter and whose turn it is, on any status', () => {
    expect(
      judged(unpaid).entities.map(({ errors }) => errors.map(({ code, waitsFor }) => [code, waitsFor])),
    ).toEqual([[[141006, 'PARTNER']], [[141010, 'CUSTOMER']], []])
    expect(judged(unpaid).entities[0]?.errors[0]).toMatchObject({
      description: 'Unpaid.',
      possibleSolution: 'Pay.',
    })
    expect(accountToPay(read(unpaid) ?? {})).toBe('700300400500600')
  })

  it('tells what is about calls alone, and keeps what it does not know', () => {
    const { entities } = judged(callsOnly)
    expect(entities[0]?.errors).toMatchObject([{ code: 138024, concernsMessaging: false, waitsFor: null }])
    expect(entities[0]?.other).toEqual({ can_receive_call_sip: 'BLOCKED' })
    expect(entities[1]).toMatchObject({
      canSendMessage: 'LIMITED',
      additionalInfo: ['Not subscribed.'],
      other: null,
    })
    expect(accountToPay(read(callsOnly) ?? {})).toBeNull()
  })

  it.each([
    [141002, null],
    [141010, 'CUSTOMER'],
    [131000, 'CUSTOMER'],
    [133010, 'US'],
    [131031, 'CUSTOMER'],
    [999999, 'META'],
  ])('of code %i is the turn of %s', (code, party) => {
    const sent = { entities: [{ errors: [{ error_code: code }] }] }
    expect(judged(sent).entities[0]?.errors[0]).toMatchObject({
      code,
      waitsFor: party,
      concernsMessaging: true,
    })
  })

  it('reads what is unlike its page as far as it can', () => {
    const odd = {
      entities: [
        null,
        7,
        { entity_type: 'WABA', id: 12, errors: { error_code: '141010' }, additional_info: 'A remark.' },
        { errors: [null, { error_code: 'NEW_KIND' }, 'text'], additional_info: ['one', 2, 'three'] },
      ],
    }
    expect(judged(odd).entities).toMatchObject([
      { entityType: 'WABA', entityId: '12', errors: [{ code: 141010 }], additionalInfo: ['A remark.'] },
      { errors: [{ code: null, other: { error_code: 'NEW_KIND' } }], additionalInfo: ['one', 'three'] },
    ])
  })

  it('of no form makes anything fail', () => {
    const entity = fc.dictionary(
      fc.constantFrom('entity_type', 'id', 'can_send_message', 'errors', 'additional_info', 'other'),
      fc.jsonValue(),
    )
    const sent = fc.oneof(
      fc.jsonValue(),
      fc.record({ can_send_message: fc.jsonValue(), entities: fc.array(entity) }),
    )
    fc.assert(fc.property(sent, (status) => void judged(status)))
  })
})
