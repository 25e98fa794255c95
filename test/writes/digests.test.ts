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

/** Of each record: whose it is, its verb, its key, and what it is done to. */
const recordNames: readonly string[] = [
  'any add_phone_number | object waba:# number:# | waba:# number:#',
  'any assign_user | object waba:# user:# | waba:# user:#',
  'any register_phone_number | object phone_number:# | phone_number:#',
  'any request_code | turn phone_number:# | null',
  'any start_coexistence_sync | turn phone_number:# sync:HISTORY | null',
  'app accept | key | solution:#',
  'app accept | object solution:# | solution:#',
  'app accept_deactivation | key | solution:#',
  'app add_phone_number | key | waba:# number:#',
  'app assign_user | key | waba:# user:#',
  'app clear_webhook_override | key | waba:#',
  'app complete_signup | key | null',
  'app create | key | new solution:#',
  'app create | object new solution:# | new solution:#',
  'app create_all_for_tech_provider | key | null',
  'app create_for_tech_provider | object app:# new solution:# | app:# new solution:#',
  'app deregister_phone_number | key | phone_number:#',
  'app exchange_code | key | code of embedded signup #',
  'app onboard | key | null',
  'app register_phone_number | key | phone_number:#',
  'app reject | key | solution:#',
  'app reject_deactivation | key | solution:#',
  'app request_code | key | phone_number:#',
  'app request_code | object phone_number:# | phone_number:#',
  'app request_deactivation | key | solution:#',
  'app request_deactivation | object solution:# | solution:#',
  'app revoke_credit_allocation | key | allocation:#',
  'app set_migration_intent | key | waba:#',
  'app set_webhook_override | key | waba:#',
  'app set_webhook_override | object waba:# | waba:#',
  'app share_credit_line | key | waba:#',
  'app share_credit_line | object waba:# | waba:#',
  'app share_credit_line_with_business | key | line:# business:#',
  'app start_coexistence_sync | key | phone_number:# sync:HISTORY',
  'app submit_verification | key | business:#',
  'app subscribe_app | key | waba:#',
  'app subscribe_app | object waba:# | waba:#',
  'app unassign_user | key | waba:# user:#',
  'app unsubscribe_app | key | waba:#',
  'app verify_code | key | phone_number:#',
]

describe('what is stored under an idempotency key', () => {
  let play: Play

  beforeAll(async () => {
    play = await Play.begin({ wired: true })
    await noteRecords(play.config.databaseUrl)
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

  it('is told by an event that is one, whichever release publishes it', async () => {
    const { databaseUrl } = play.config
    const [write] = await bySql(
      databaseUrl,
      "SELECT app_id, verb, key, attempt FROM writes WHERE key = 'key acceptSolution'",
    )
    const { app_id: appId, verb, key, attempt } = write ?? {}
    const name = sha256(JSON.stringify([appId, verb, key, attempt]))
    const told = await bySql(databaseUrl, `SELECT dedupe_key FROM events WHERE dedupe_key LIKE '%${name}%'`)
    expect(told.map((event) => event['dedupe_key'])).toContain(`gateway:${name}:DONE:${String(appId)}`)
  })

  // By these names instances know of each other what is under way, on the same object or in turn.
  it('has the names that every release knows', async () => {
    expect(await notedIn(play.config.databaseUrl)).toEqual(recordNames)
  })
})

/** Keeps the names of all records, also of those that are deleted when they have served. */
async function noteRecords(url: string): Promise<void> {
  await bySql(url, 'CREATE TABLE noted (app_id TEXT, verb TEXT, key TEXT, object TEXT)')
  await bySql(
    url,
    `CREATE TRIGGER note AFTER INSERT ON writes BEGIN
       INSERT INTO noted VALUES (new.app_id, new.verb, new.key, new.object);
     END`,
  )
}

/** With `#` in place of ids and digests. */
async function notedIn(url: string): Promise<readonly string[]> {
  const rows = await bySql(url, 'SELECT * FROM noted')
  const names = rows.map(({ app_id, verb, key, object }) => {
    const whose = app_id === 'any' ? 'any' : 'app'
    const name = String(key).startsWith('key ') ? 'key' : String(key)
    return `${whose} ${String(verb)} | ${name} | ${String(object)}`.replaceAll(
      /\b[0-9a-f]{16,64}\b|[0-9]{5,}/g,
      '#',
    )
  })
  return [...new Set(names)].toSorted()
}

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
