import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { luckyShrub, Play, socialOverdrive, type Customer, type Json } from '../writes/support/play.ts'

const exchange = '^/oauth/access_token$'
const noOtherToken = { path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 }

describe('a code that Graph does not change for a token', () => {
  let play: Play

  beforeAll(async () => {
    play = await Play.begin()
  })
  afterAll(() => play.close())

  const customer = async (rule: object): Promise<Customer> => {
    const arrived = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    await play.control.faults({ path: exchange, ...rule }, noOtherToken)
    await play.control.forgetRequests()
    return arrived
  }
  const complete = async ({ code, waba_id: wabaId }: Customer): Promise<Json> => {
    const query = `mutation ($input: CompleteEmbeddedSignupInput!) { completeEmbeddedSignup(input: $input) {
      ... on CompleteEmbeddedSignupPayload { clientWaba { wabaId } }
      ... on Problem { code message retryable waitsFor } ... on GraphApiProblem { graphCode graphSubcode } } }`
    const input = { appId: luckyShrub, code, wabaId }
    return (await play.ask(query, { input }))['completeEmbeddedSignup'] as Json
  }
  const sent = async (): Promise<number> =>
    (await play.control.requests()).byRoute['GET /oauth/access_token'] ?? 0

  it.each<[string, number, number | undefined, string, string]>([
    ['that has expired', 100, 36_007, 'UPSTREAM_REFUSED', 'CUSTOMER'],
    ['that was used before', 100, 36_009, 'UPSTREAM_REFUSED', 'CUSTOMER'],
    ['of a customer who has removed the app', 190, 458, 'TOKEN_INVALID', 'CUSTOMER'],
    ['that is none', 100, undefined, 'UPSTREAM_REFUSED', 'US'],
  ])('%s is answered alike ever after, and not sent again', async (_, code, subcode, problem, waitsFor) => {
    const arrived = await customer({ kind: 'error', status: 400, code, subcode })
    const first = await complete(arrived)
    expect(first).toMatchObject({
      code: problem,
      retryable: false,
      waitsFor,
      graphCode: code,
      graphSubcode: subcode ?? null,
    })
    expect(first['message']).toMatch(waitsFor === 'CUSTOMER' ? /signs up once more/ : /`appId`/)
    await play.control.faults(noOtherToken)
    expect(await complete(arrived)).toEqual(first)
    expect(await sent()).toBe(1)
  })

  it('says that it is an app’s own when it was made on the page of another app', async () => {
    const { code, waba_id: wabaId } = await customer(noOtherToken)
    const query = `mutation ($input: CompleteEmbeddedSignupInput!) { completeEmbeddedSignup(input: $input) {
      ... on Problem { code message waitsFor help } } }`
    const asked = await play.ask(query, { input: { appId: socialOverdrive, code, wabaId } })
    expect(asked['completeEmbeddedSignup']).toEqual({
      code: 'UPSTREAM_REFUSED',
      message: expect.stringMatching(/Invalid verification code format\. .*login page.*`appId`/) as string,
      waitsFor: 'US',
      help: expect.stringContaining('embedded-signup') as string,
    })
  })

  it('is the customer’s to come back with when its answer was lost', async () => {
    const arrived = await customer({ kind: 'lostReply' })
    expect(await complete(arrived)).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      waitsFor: 'CUSTOMER',
      message: expect.stringContaining('signs up once more') as string,
    })
    expect(await sent()).toBe(1)
  })

  it('is nobody’s to come back with when a token comes another way', async () => {
    const arrived = await customer({ kind: 'lostReply' })
    await play.control.faults({ path: exchange, kind: 'lostReply' })
    expect(await complete(arrived)).toMatchObject({ code: 'OUTCOME_UNKNOWN', waitsFor: null })
    expect(await complete(arrived)).toMatchObject({ code: 'OUTCOME_UNKNOWN', waitsFor: null })
    expect(await sent()).toBe(1)
  })
})
