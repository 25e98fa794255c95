import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { restrictionsTold } from '../../src/accounts/restrictions.ts'
import { until } from '../support/until.ts'
import { luckyShrub, startWorld } from '../calls/support/world.ts'

const start = Date.parse('2026-11-30T00:00:00Z')
const day = 24 * 60 * 60_000
const seconds = (ms: number): number => Math.floor(ms / 1000)

/** The account's events, one each day. Values as on Meta's page "account_update" and in the guides of Direct Send and calls. */
type Value = { readonly event: string } & object
const told = (...values: readonly Value[]): StoredEvent[] =>
  values.map((value, index) => ({
    seq: index + 1,
    appId: luckyShrub,
    kind: 'CLIENT_WABA_UPDATED',
    source: 'WEBHOOK',
    dedupeKey: `${index}`,
    occurredAt: start + index * day,
    receivedAt: start + index * day,
    field: 'account_update',
    event: value.event,
    solutionId: null,
    wabaId: '1',
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify(value),
  }))
const restricted = (type: string, expiresAt: number | null = null, more: object = {}) => ({
  event: 'ACCOUNT_RESTRICTION',
  restriction_info: [
    { restriction_type: type, ...(expiresAt === null ? {} : { expiration: seconds(expiresAt) }) },
  ],
  ...more,
})
const violation = (type: string) => ({
  event: 'ACCOUNT_RESTRICTION',
  violation_info: { violation_type: type },
})
const ban = (state: unknown, date = 'April 17, 2025') => ({
  event: 'DISABLED_UPDATE',
  ban_info: { waba_ban_state: state, waba_ban_date: date },
})
const typesAt = (now: number, ...values: readonly Value[]) =>
  restrictionsTold(told(...values), now).map(({ type }) => type)

describe('what Meta restricts of an account', () => {
  const now = start + 10 * day

  it('counts until its end, and the newest end counts', () => {
    const first = restricted('RESTRICTED_BIZ_INITIATED_MESSAGING', start + 2 * day)
    expect(typesAt(start + day, first)).toEqual(['RESTRICTED_BIZ_INITIATED_MESSAGING'])
    expect(typesAt(now, first)).toEqual([])
    const longer = restricted('RESTRICTED_BIZ_INITIATED_MESSAGING', start + 20 * day)
    expect(restrictionsTold(told(first, longer), now)).toMatchObject([
      { at: start + day, expiresAt: start + 20 * day, stopsMessages: true, number: null },
    ])
  })

  it('stands side by side: several kinds, and each number for itself', () => {
    const both = {
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [
        { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING' },
        { restriction_type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION' },
      ],
    }
    const calls = (phone: string) =>
      restricted('RESTRICTED_USER_INITIATED_CALLING', null, { phone_number: phone })
    const standing = restrictionsTold(
      told(both, calls('15550001'), calls('15550002'), calls('15550001')),
      now,
    )
    expect(standing.map(({ type, number }) => [type, number])).toEqual([
      ['RESTRICTED_BIZ_INITIATED_MESSAGING', null],
      ['RESTRICTED_ADD_PHONE_NUMBER_ACTION', null],
      ['RESTRICTED_USER_INITIATED_CALLING', '15550002'],
      ['RESTRICTED_USER_INITIATED_CALLING', '15550001'],
    ])
    expect(standing.at(-1)).toMatchObject({ stopsMessages: false })
  })

  it('is nothing yet while Meta only warns, and ends when Meta lifts it', () => {
    const direct = {
      ...violation('DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT'),
      restriction_info: [{ restriction_type: 'RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES' }],
    }
    const other = restricted('RESTRICTED_BIZ_INITIATED_MESSAGING')
    expect(typesAt(now, violation('DIRECT_SEND_UTILITY_CATEGORY_ABUSE_WARN'))).toEqual([])
    expect(typesAt(now, other, direct)).toHaveLength(2)
    const lifted = violation('DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT_RECOVERY')
    expect(typesAt(now, other, direct, lifted)).toEqual(['RESTRICTED_BIZ_INITIATED_MESSAGING'])
    expect(typesAt(now, violation('DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_STRIKE_1'))).toEqual([
      'DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_STRIKE_1',
    ])
  })

  it('may be the account as a whole, until it is reinstated', () => {
    expect(restrictionsTold(told(ban('SCHEDULE_FOR_DISABLE')), now)).toMatchObject([
      { type: 'SCHEDULE_FOR_DISABLE', banDate: '2025-04-17', stopsMessages: false },
    ])
    expect(restrictionsTold(told(ban('SCHEDULE_FOR_DISABLE'), ban(['DISABLE'])), now)).toMatchObject([
      { type: 'DISABLE', stopsMessages: true },
    ])
    expect(typesAt(now, ban('DISABLE'), ban('REINSTATE'))).toEqual([])
  })

  it('goes by Meta’s time, not by the order in which webhooks came', () => {
    const late = told(ban('DISABLE'), ban('REINSTATE')).toReversed()
    expect(restrictionsTold(late, now)).toEqual([])
  })

  it('is read from whatever was kept, and never fails', () => {
    const value = fc.record({
      event: fc.constantFrom('ACCOUNT_RESTRICTION', 'DISABLED_UPDATE', 'ACCOUNT_VIOLATION'),
      restriction_info: fc.jsonValue(),
      violation_info: fc.jsonValue(),
      ban_info: fc.jsonValue(),
    })
    fc.assert(fc.property(fc.array(value), (values) => void restrictionsTold(told(...values), now)))
  })
})

describe('an account', () => {
  it('shows what restricts it, of the app that was told, without a Graph call', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 2 })
    const [id = ''] = world.wabaIds
    const list = `{ app(id: "${luckyShrub}") { clientWabas { edges { node { wabaId restrictions { type until stopsMessages waitsFor } } } } } }`
    type Answer = { app: { clientWabas: { edges: { node: { restrictions: unknown[] } }[] } } }
    const restrictions = async () => {
      const { data, total } = await world.run(list)
      return {
        total,
        found: (data as unknown as Answer).app.clientWabas.edges.map(({ node }) => node.restrictions),
      }
    }
    expect((await restrictions()).found).toEqual([[], []])
    const expiration = seconds(Date.now()) + 3600
    await world.simulator.play('wabas', {
      id,
      restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration }],
    })
    await until(async () => (await restrictions()).found[0]?.length === 1)
    const { found, total } = await restrictions()
    expect(total).toBe(0)
    expect(found).toEqual([
      [
        {
          type: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
          until: new Date(expiration * 1000).toISOString(),
          stopsMessages: true,
          waitsFor: 'CUSTOMER',
        },
      ],
      [],
    ])
    await world.simulator.play('wabas', { id, waba_ban_state: 'DISABLE' })
    await until(async () => (await restrictions()).found[0]?.length === 2)
    const { data } = await world.run(
      `{ clientWaba(id: "${id}") { status restrictions { type banDate } health { canSendMessage } } }`,
    )
    expect(data).toMatchObject({
      clientWaba: {
        status: 'DISABLED',
        restrictions: [
          {},
          { type: 'DISABLE', banDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string },
        ],
        health: { canSendMessage: 'BLOCKED' },
      },
    })
  })
})
