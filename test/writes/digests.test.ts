import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { isNonNullType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../src/writes/record.ts'
import { bySql } from '../events/upgrades/support/by-sql.ts'
import { fieldsOf } from '../inputs/support/bad-values.ts'
import { mutations } from './support/mutation-text.ts'
import { creditLine, Play, type Json } from './support/play.ts'
import { verbs, withoutGraph } from './support/verbs.ts'
import { nameOf } from './support/verbs/verb.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

type Stored = Readonly<Record<string, (given: Json) => unknown>>

const ofSolution = ({ solutionId }: Json) => [solutionId]
const ofAccount = ({ wabaId }: Json) => [wabaId]
const ofNumber = ({ wabaId, phoneNumberId }: Json) => [wabaId, phoneNumberId]

/**
 * What is stored under the key of each mutation: the name of each write, and what its input digest is of. This is what one
 * release says to the next: a key that another release has begun is answered only where both are the same. So a line is
 * never changed once it was released; a new option is left out of the digest where it is not given.
 */
const stored: Readonly<Record<string, Stored>> = {
  createSolution: {
    create: ({ name, partnerAppId, messaging }) => [name, partnerAppId, messaging],
  },
  acceptSolution: { accept: ofSolution },
  rejectSolution: { reject: ofSolution },
  requestSolutionDeactivation: { request_deactivation: ofSolution },
  acceptSolutionDeactivation: { accept_deactivation: ofSolution },
  rejectSolutionDeactivation: { reject_deactivation: ofSolution },
  createSolutionsForTechProvider: { create_all_for_tech_provider: ({ name }) => [name, 'OWNER'] },
  subscribeAppToWaba: { subscribe_app: ofAccount },
  unsubscribeAppFromWaba: { unsubscribe_app: ofAccount },
  setWabaWebhookOverride: { set_webhook_override: ({ wabaId, callbackUri }) => [wabaId, callbackUri] },
  clearWabaWebhookOverride: { clear_webhook_override: ofAccount },
  assignUserToWaba: { assign_user: ({ wabaId, systemUserId, tasks }) => [wabaId, systemUserId, tasks] },
  unassignUserFromWaba: { unassign_user: ({ wabaId, systemUserId }) => [wabaId, systemUserId] },
  setSolutionMigrationIntent: { set_migration_intent: ({ wabaId, solutionId }) => [wabaId, { solutionId }] },
  completeEmbeddedSignup: { complete_signup: ({ code, wabaId }) => [sha256(JSON.stringify(code)), wabaId] },
  submitBusinessVerification: { submit_verification: ({ businessId }) => [businessId] },
  addPhoneNumber: {
    add_phone_number: ({ wabaId, countryCode, phoneNumber, verifiedName }) => [
      wabaId,
      [`${String(countryCode)}${String(phoneNumber)}`],
      verifiedName,
    ],
  },
  requestPhoneNumberCode: {
    request_code: ({ phoneNumberId, codeMethod, language }) => [phoneNumberId, codeMethod, language],
  },
  verifyPhoneNumberCode: { verify_code: ofNumber },
  registerPhoneNumber: { register_phone_number: ofNumber },
  deregisterPhoneNumber: { deregister_phone_number: ofNumber },
  startCoexistenceSync: { start_coexistence_sync: ({ phoneNumberId, type }) => [phoneNumberId, type] },
  shareCreditLine: {
    share_credit_line: ({ wabaId, currency }) => [wabaId, creditLine, currency, 'SHARE_AND_ATTACH'],
  },
  'shareCreditLine, in two steps': {
    share_credit_line_with_business: ({ businessId }) => [creditLine, businessId],
    share_credit_line: ({ wabaId, currency, method }) => [wabaId, creditLine, currency, method],
  },
  revokeCreditAllocation: {
    revoke_credit_allocation: ({ allocationId, confirmReceivingBusinessId }) => [
      allocationId,
      confirmReceivingBusinessId,
    ],
  },
  onboardClientWaba: { onboard: ({ wabaId, currency }) => [wabaId, { currency }, []] },
}

describe('what is stored under an idempotency key', () => {
  let play: Play

  beforeAll(async () => {
    play = await Play.begin({ wired: true })
  })
  afterAll(() => play.close())

  it('is known of every mutation', () => {
    const named = Object.keys(stored).map((name) => name.split(',')[0])
    expect([...new Set(named), ...withoutGraph].toSorted()).toEqual(Object.keys(mutations).toSorted())
  })

  it.each(verbs.map((verb) => [nameOf(verb), verb] as const))(
    'is what every release stores, whatever is left out: %s',
    async (name, verb) => {
      const input = await verb.prepare(play)
      const given = { ...(await input(0)), idempotencyKey: name }
      const first = await play.mutate(verb.field, given)
      expect(first).toMatchObject({ __typename: expect.stringMatching(/Payload$/) as unknown })
      const options = Object.values(fieldsOf(verb.field)).filter(({ type }) => !isNonNullType(type))
      const nulls = Object.fromEntries(options.map((option) => [option.name, null]))
      expect(await play.mutate(verb.field, { ...nulls, ...given })).toEqual(first)
      const rows = await bySql(
        play.config.databaseUrl,
        `SELECT verb, input FROM writes WHERE key = 'key ${name}'`,
      )
      const known = { ...knownOf(play, given), ...given }
      expect(Object.fromEntries(rows.map((row) => [row['verb'], row['input']]))).toEqual(
        Object.fromEntries(
          Object.entries(stored[name] ?? {}).map(([write, of]) => [write, sha256(JSON.stringify(of(known)))]),
        ),
      )
    },
  )
})

/** What the gateway has found out beside what it was given. */
function knownOf({ sim }: Play, { wabaId, appId }: Json): Json {
  const { accounts, apps } = sim.state()
  return {
    businessId: accounts.find(({ id }) => id === wabaId)?.ownerBusinessId,
    systemUserId: apps.find((app) => app.appId === appId)?.systemUserId,
  }
}

describe('the digest of a request', () => {
  it('is a fixed one', () => {
    const input = [
      '1',
      { b: [2, null], a: 'ü', c: null, e: false, d: true },
      undefined,
      [false, '3', false],
      null,
    ]
    expect(digestOf(input)).toBe(sha256('["1",{"a":"ü","b":[2],"d":true},null,[false,"3"]]'))
    expect(digestOf(['1', null, '2'])).toBe(
      'b742545d5b99873b75a7bdc718639feedd6810cd2b51239745b9e9ef2f8a41be',
    )
  })

  const value = fc.jsonValue()
  const left = fc.constantFrom(null, undefined, false)

  it('is the same with one more option that is not given', () => {
    fc.assert(
      fc.property(fc.array(value), fc.dictionary(fc.string(), value), left, (list, members, none) => {
        expect(digestOf([...list, none])).toBe(digestOf(list))
        expect(digestOf([{ ...members, ' a new one': none }])).toBe(digestOf([members]))
      }),
    )
  })

  it('is another with one more option that is given', () => {
    const given = value.filter((one) => one !== null && one !== false)
    fc.assert(
      fc.property(fc.array(value), fc.dictionary(fc.string(), value), given, (list, members, one) => {
        expect(digestOf([...list, one])).not.toBe(digestOf(list))
        expect(digestOf([{ ...members, ' a new one': one }])).not.toBe(digestOf([members]))
      }),
    )
  })
})
