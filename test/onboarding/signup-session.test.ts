import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, Play, socialOverdrive, type Json } from '../writes/support/play.ts'

const facts = `... on SignupSessionEvent { outcome sessionEvent step errorCode advice sessionId reportedAt
  wabaIds phoneNumberId businessId coexistence solutionId } ... on Event { kind source severity waitsFor appId }`

describe('what a signup page hands in', () => {
  let play: Play

  beforeEach(async () => {
    play = await Play.begin()
  })
  afterEach(() => play.close())

  const message = (event: string, data: Json = {}): Json => ({ type: 'WA_EMBEDDED_SIGNUP', event, data })
  const report = async (given: unknown, more: Json = {}): Promise<Json> => {
    const query = `mutation ($input: ReportSignupSessionInput!) { reportSignupSession(input: $input) {
      ... on ReportSignupSessionPayload { repeated event { id ${facts} } }
      ... on Problem { code message } ... on InvalidInputProblem { path } } }`
    const input = { appId: luckyShrub, message: given, ...more }
    return (await play.ask(query, { input }))['reportSignupSession'] as Json
  }
  const events = async (filter = ''): Promise<readonly Json[]> => {
    const asked = await play.ask(
      `{ events(last: 50 ${filter}) { edges { node { __typename id ${facts} } } } }`,
    )
    const { events: found } = asked as { events: { edges: { node: Json }[] } }
    return found.edges.map(({ node }) => node).filter(({ kind }) => kind === 'SIGNUP_SESSION')
  }
  const left = message('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' })

  it('becomes an event that says where the customer stopped, and whose turn it is', async () => {
    const solutionId = '795000033057731'
    const answer = await report(left, { solutionId })
    const event = {
      kind: 'SIGNUP_SESSION',
      source: 'GATEWAY',
      appId: luckyShrub,
      outcome: 'CANCELLED',
      sessionEvent: 'CANCEL',
      step: 'PHONE_NUMBER_SETUP',
      coexistence: null,
      severity: 'INFORMATIONAL',
      waitsFor: 'CUSTOMER',
      solutionId,
      wabaIds: [],
    }
    expect(answer).toMatchObject({ repeated: false, event })
    expect(await events(`filter: { solutionId: "${solutionId}" }`)).toMatchObject([event])
    const { id } = answer['event'] as { id: string }
    expect(await play.ask(`{ node(id: "${id}") { __typename ${facts} } }`)).toMatchObject({ node: event })
  })

  it.each<[string, string, string | null, RegExp | null]>([
    ['an account that another partner has', '2655049', 'CUSTOMER', /another partner/],
    ['a business of ours that is not verified', '2494091', 'US', /verified/],
    ['too many tries', '3441033', 'META', /wait/],
    ['an account that is ours already', '2494119', null, /already/],
    ['a code that nobody knows', '9999999', 'CUSTOMER', null],
  ])('says whose turn it is after %s', async (_, code, waitsFor, advice) => {
    const { event } = await report(message('CANCEL', { error_code: code, session_id: 'a1' }))
    expect(event).toMatchObject({
      errorCode: code,
      waitsFor,
      advice: advice && (expect.stringMatching(advice) as string),
    })
  })

  it('is kept without the words of its error, which may name people', async () => {
    const words = 'Jane Doe cannot use this number.'
    const answer = await report(message('CANCEL', { error_code: '3441030', error_message: words }))
    const { id } = answer['event'] as { id: string }
    const shown = await play.ask(
      `{ node(id: "${id}") { ... on SignupSessionEvent { errorCode errorMessage } } }`,
    )
    expect(shown).toEqual({ node: { errorCode: '3441030', errorMessage: null } })
  })

  it('is one event when it is handed in again, by its key, its session, or at once', async () => {
    const session = message('CANCEL', { error_code: '3441030', session_id: 'f34b51dab5e0498' })
    for (const [given, more] of [
      [left, {}],
      [session, {}],
      [message('FINISH', { waba_id: '1' }), { idempotencyKey: 'dialog 1' }],
    ] as const) {
      const first = await report(given, more)
      expect(first).toMatchObject({ repeated: false })
      expect(await report(given, more)).toEqual({ ...first, repeated: true })
      expect(await Promise.all([report(given, more), report(JSON.stringify(given), more)])).toEqual([
        { ...first, repeated: true },
        { ...first, repeated: true },
      ])
    }
    expect(await events()).toHaveLength(3)
  })

  it('is another event later, from another screen, of another app or of another dialog', async () => {
    await report(left)
    await report(message('CANCEL', { current_step: 'PERMISSIONS' }))
    await report(left, { appId: socialOverdrive })
    await report(left, { idempotencyKey: 'dialog 1' })
    await report(left, { idempotencyKey: 'dialog 2' })
    play.aheadMs += 61_000
    await report(left)
    expect(await events()).toHaveLength(6)
  })

  it('is refused under a key that another message has', async () => {
    await report(left, { idempotencyKey: 'dialog 1' })
    expect(await report(message('FINISH', { waba_id: '1' }), { idempotencyKey: 'dialog 1' })).toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('asks nothing of Graph, and makes nobody a customer', async () => {
    await play.ask('{ apps { name } }')
    await play.control.forgetRequests()
    await report(message('FINISH', { waba_id: '700300400500600', business_id: '700400500600700' }))
    expect((await play.control.requests()).total).toBe(0)
    const quota = await play.ask(`{ app(id: "${socialOverdrive}") { onboardingQuota { used } } }`)
    expect(quota).toEqual({ app: { onboardingQuota: { used: 0 } } })
    const kinds = await play.ask(
      '{ events(last: 50, filter: { kinds: [CLIENT_WABA_ONBOARDED, CLIENT_WABA_APP_INSTALLED] }) { edges { cursor } } }',
    )
    expect(kinds).toEqual({ events: { edges: [] } })
  })

  it('helps to find the account of a code, which reading it proves', async () => {
    const customer = await play.control.play<{ code: string; waba_id: string }>('onboard', {
      app_id: luckyShrub,
    })
    await play.control.faults(
      { path: 'debug_token', kind: 'error', code: 200 },
      { path: 'system_user_access_tokens', kind: 'error', code: 200 },
    )
    await report(message('FINISH', { waba_id: customer.waba_id }))
    const input = { appId: luckyShrub, code: customer.code }
    expect(await play.mutate('completeEmbeddedSignup', input)).toEqual({
      __typename: 'CompleteEmbeddedSignupPayload',
    })
  })
})
