import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { blockersOf } from '../../src/onboarding/blockers/blockers.ts'
import {
  type BlockerCode,
  blockerCodes,
  type BlockerFacts,
  type NumberFacts,
} from '../../src/onboarding/blockers/blocker.ts'
import { readReports } from '../../src/onboarding/blockers/reports.ts'
import { stepKinds, stepStates } from '../../src/onboarding/checklist/step.ts'

const now = Date.UTC(2026, 10, 30)
const hour = 3_600_000
const day = 24 * hour

const fine: NumberFacts = {
  id: '7',
  displayNumber: '+1 555-000-1122',
  status: 'CONNECTED',
  verification: 'VERIFIED',
  nameStatus: 'APPROVED',
  newNameStatus: 'NONE',
  quality: 'GREEN',
  inApp: false,
  health: null,
}
const nothing: BlockerFacts = {
  now,
  arrivedAt: now - 9 * day,
  isSolutionPartner: true,
  cameThroughSolution: true,
  steps: stepKinds.map((kind) => ({ kind, state: 'DONE', reason: null, waitsFor: null, since: null })),
  account: { status: 'ACTIVE', reviewStatus: 'APPROVED', verificationStatus: 'verified', health: null },
  numbers: [fine],
  told: readReports([], now),
}

let seq = 0
const webhook = (field: string, value: object, at: number, event: string | null = null): StoredEvent =>
  ({
    seq: (seq += 1),
    kind: field === 'account_update' ? 'CLIENT_WABA_UPDATED' : 'ACCOUNT_ALERT',
    source: 'WEBHOOK',
    field,
    event,
    occurredAt: at,
    payload: JSON.stringify(value),
  }) as StoredEvent
const update = (value: { event: string }, at = now - hour) =>
  webhook('account_update', value, at, value.event)
const restriction = (more: object, at?: number) => update({ event: 'ACCOUNT_RESTRICTION', ...more }, at)
const name = (decision: string, at: number) =>
  webhook('phone_number_name_update', { display_phone_number: '15550001122', decision }, at, decision)
const registered = (at: number): StoredEvent =>
  ({
    ...webhook('register_phone_number', { actor: 'LOCAL', outcome: 'DONE', object: 'phone_number:7' }, at),
    source: 'GATEWAY',
    kind: 'CLIENT_WABA_UPDATED',
  }) as StoredEvent

const codesOf = (facts: Partial<BlockerFacts>): string[] =>
  blockersOf({ ...nothing, ...facts }).map(({ code, blocksSending }) => (blocksSending ? code : `(${code})`))
const after = (...events: StoredEvent[]): string[] => codesOf({ told: readReports(events, now) })
const stops = [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }]

describe('blockers', () => {
  it.each<[string, () => string[], string[]]>([
    ['nothing is wrong', () => codesOf({}), []],
    [
      'a restriction without an end stands for a day',
      () => after(restriction({ restriction_info: stops })),
      ['ACCOUNT_RESTRICTED'],
    ],
    [
      'and then Graph is right, which says that all is well',
      () => after(restriction({ restriction_info: stops }, now - 2 * day)),
      [],
    ],
    [
      'but one that Graph does not deny stands',
      () =>
        codesOf({
          account: null,
          told: readReports([restriction({ restriction_info: stops }, now - 2 * day)], now),
        }),
      ['ACCOUNT_RESTRICTED'],
    ],
    [
      'a restriction of one number is that number’s',
      () => after(restriction({ restriction_info: stops, phone_number: '15550001122' })),
      ['NUMBER_RESTRICTED'],
    ],
    [
      'and of a number that is not here nobody’s',
      () => after(restriction({ restriction_info: stops, phone_number: '15550009999' })),
      [],
    ],
    [
      'a warning restricts nothing',
      () => after(restriction({ violation_info: { violation_type: 'DIRECT_SEND_WARN' } })),
      [],
    ],
    [
      'a lifted restriction is over',
      () =>
        after(
          restriction({
            restriction_info: [{ restriction_type: 'RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES' }],
          }),
          restriction({ violation_info: { violation_type: 'DIRECT_SEND_UNBAN' } }),
        ),
      [],
    ],
    [
      'one that was disabled stays so where Graph does not say that all is well',
      () =>
        codesOf({
          account: { ...nothing.account, status: null } as BlockerFacts['account'],
          told: readReports(
            [
              update(
                { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: ['DISABLE'] } } as never,
                now - 5 * day,
              ),
            ],
            now,
          ),
        }),
      ['ACCOUNT_DISABLED'],
    ],
    [
      'a name that was approved asks for another registration',
      () => after(name('APPROVED', now - 3 * day)),
      ['(REGISTER_AGAIN)'],
    ],
    ['which is done', () => after(name('APPROVED', now - 3 * day), registered(now - 2 * day)), []],
    ['or too late', () => after(name('APPROVED', now - 15 * day)), []],
    [
      'a refused name that Graph has not shown for a day is an old one',
      () => after(name('REJECTED', now - 2 * day)),
      [],
    ],
    [
      'a name that Graph says nothing of was refused as told',
      () =>
        codesOf({
          numbers: [{ ...fine, nameStatus: null }],
          told: readReports([name('REJECTED', now - 2 * day)], now),
        }),
      ['NAME_REJECTED'],
    ],
    [
      'one number that can send is enough',
      () => codesOf({ numbers: [fine, { ...fine, id: '8', nameStatus: 'DECLINED' }] }),
      ['(NAME_REJECTED)'],
    ],
    [
      'a certification that nobody asked for is none',
      () =>
        after(
          update({
            event: 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE',
            partner_client_certification_info: { status: 'FAILED' },
          } as never),
        ),
      [],
    ],
    [
      'a business that Graph shows verified needs none',
      () => after(update({ event: 'PARTNER_CLIENT_CERTIFICATION_NEEDED' })),
      [],
    ],
    [
      'a status that nobody knows is no blocker',
      () =>
        codesOf({
          account: { ...nothing.account, status: 'FLAGGED' } as BlockerFacts['account'],
          numbers: [{ ...fine, quality: 'PURPLE' }],
        }),
      [],
    ],
  ])('%s', (_, found, expected) => {
    expect(found()).toEqual(expected)
  })

  const word = fc.option(
    fc.constantFrom(
      'ACTIVE',
      'CONNECTED',
      'BANNED',
      'REJECTED',
      'DECLINED',
      'PENDING',
      'RED',
      'NOT_VERIFIED',
      'something new',
    ),
    { nil: null },
  )
  const health = fc.option(
    fc.record({
      can_send_message: word,
      entities: fc.array(
        fc.record({
          entity_type: fc.constantFrom('WABA', 'BUSINESS', 'APP', 'PHONE_NUMBER', null),
          id: fc.constant('1'),
          can_send_message: fc.constantFrom('AVAILABLE', 'LIMITED', 'BLOCKED', null),
          errors: fc.array(
            fc.record({
              error_code: fc.constantFrom('141006', '141010', '131031', '9', null),
              error_description: word,
              possible_solution: word,
            }),
            { maxLength: 2 },
          ),
          additional_info: fc.array(fc.constant('A text.'), { maxLength: 1 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { nil: null },
  )
  const anyNumber = fc.record({
    id: fc.constantFrom('7', '8'),
    displayNumber: fc.constantFrom('+1 555-000-1122', null),
    status: word,
    verification: word,
    nameStatus: word,
    newNameStatus: word,
    quality: word,
    inApp: fc.constantFrom(true, false, null),
    health,
  })
  const anyFacts: fc.Arbitrary<BlockerFacts> = fc.record({
    now: fc.constant(now),
    arrivedAt: fc.constantFrom(now - day, null),
    isSolutionPartner: fc.constantFrom(true, false, null),
    cameThroughSolution: fc.boolean(),
    steps: fc.tuple(
      ...stepKinds.map((kind) =>
        fc.record({
          kind: fc.constant(kind),
          state: fc.constantFrom(...stepStates),
          reason: word,
          waitsFor: fc.constantFrom('US', 'PARTNER', 'CUSTOMER', 'META', null),
          since: fc.constantFrom(now - hour, null),
        }),
      ),
    ),
    account: fc.option(fc.record({ status: word, reviewStatus: word, verificationStatus: word, health }), {
      nil: null,
    }),
    numbers: fc.option(fc.array(anyNumber, { maxLength: 3 }), { nil: null }),
    told: fc.constantFrom(
      readReports([], now),
      readReports([restriction({ restriction_info: stops }), name('REJECTED', now - hour)], now),
    ),
  })

  it('are one for a code, what blocks first, each with all that it promises, of whatever is known', () => {
    const codes = Object.keys(blockerCodes)
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const found = blockersOf(facts)
        expect(new Set(found.map(({ code }) => code)).size).toBe(found.length)
        const places = found.map(
          ({ code, blocksSending }) => codes.indexOf(code) + (blocksSending ? 0 : 1000),
        )
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        for (const { message, since, waitsFor } of found) {
          expect(message).not.toBe('')
          expect(since).toBeLessThanOrEqual(now)
          expect(['US', 'PARTNER', 'CUSTOMER', 'META']).toContain(waitsFor)
        }
      }),
    )
  })

  it('are there for every step that is open, and alone for a customer who has gone', () => {
    const codeOf: Readonly<Record<string, readonly BlockerCode[]>> = {
      SHARED_WITH_PARTNER: ['NOT_SHARED'],
      BUSINESS_TOKEN: ['NO_BUSINESS_TOKEN'],
      WEBHOOKS_SUBSCRIBED: ['NOT_SUBSCRIBED'],
      CREDIT_SHARED: ['NO_PAYMENT_METHOD'],
      PHONE_NUMBER_REGISTERED: [
        'NO_PHONE_NUMBER',
        'NUMBER_NOT_VERIFIED',
        'NUMBER_NOT_REGISTERED',
        'NUMBER_DISCONNECTED',
        'NUMBER_RESTRICTED',
      ],
    }
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const found = blockersOf(facts).map(({ code }) => code)
        const open = facts.steps.filter(({ state }) => ['TODO', 'BLOCKED', 'FAILED'].includes(state))
        const isGone = open.some(({ kind }) => kind === 'SHARED_WITH_PARTNER')
        const kinds = isGone ? (['SHARED_WITH_PARTNER'] as const) : open.map(({ kind }) => kind)
        for (const kind of kinds) expect(found.some((code) => codeOf[kind]?.includes(code))).toBe(true)
        expect(isGone && found.length > 1).toBe(false)
      }),
    )
  })

  it.each([
    ['NOT_NEEDED', null],
    ['DONE', 'shareCreditLine'],
  ] as const)(
    'of an account whose step of credit is %s name %s as what helps when nothing pays',
    (state, action) => {
      const steps = nothing.steps.map((step) => (step.kind === 'CREDIT_SHARED' ? { ...step, state } : step))
      const unpaid = { entity_type: 'WABA', can_send_message: 'BLOCKED', errors: [{ error_code: '141006' }] }
      const health = { can_send_message: 'BLOCKED', entities: [unpaid] }
      const account = { ...nothing.account, health } as BlockerFacts['account']
      expect(blockersOf({ ...nothing, steps, account })).toMatchObject([
        { code: 'NO_PAYMENT_METHOD', action },
      ])
    },
  )
})
