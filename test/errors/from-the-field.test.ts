import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, Play, socialOverdrive, type Customer, type Json } from '../writes/support/play.ts'

/** As people who do this job have met them: circumstances of Meta's, with words and ids of ours. */
let play: Play
let customer: Customer
const lines: string[] = []
beforeEach(async () => {
  lines.length = 0
  play = await Play.begin({
    log: { write: (line: string) => void lines.push(line) },
    overrides: { logLevel: 'trace' },
  })
  customer = await play.customer(await play.solution('Together'))
})
afterEach(() => play.close())

const trace = 'AInventedTrace03'
const answer = (method: string, path: string, status: number, error: Json, more: object = {}) =>
  play.control.faults({
    kind: 'error',
    method,
    path,
    status,
    times: 1,
    body: { error: { type: 'OAuthException', fbtrace_id: trace, ...error } },
    ...more,
  })

const whole = `__typename ... on Problem { code message retryable retryAfterSeconds waitsFor help graphCode graphSubcode fbtraceId }
  ... on GraphApiProblem { details userTitle userMessage }`
const inputTypes: Readonly<Record<string, string>> = {
  subscribeAppToWaba: 'WabaSubscriptionInput',
  requestPhoneNumberCode: 'RequestPhoneNumberCodeInput',
  completeEmbeddedSignup: 'CompleteEmbeddedSignupInput',
  setWabaWebhookOverride: 'WebhookOverrideInput',
  registerPhoneNumber: 'RegisterPhoneNumberInput',
  acceptSolution: 'SolutionActionInput',
}
async function change(field: string, input: Json): Promise<Json> {
  const query = `mutation ($input: ${inputTypes[field]}!) { ${field}(input: $input) { ${whole} } }`
  return (await play.ask(query, { input }))[field] as Json
}

const mine = () => ({ wabaId: customer.waba_id, appId: luckyShrub })
const number = () => ({ ...mine(), phoneNumberId: customer.phone_number_ids[0] })
const subscribed = () => `^/${customer.waba_id}/subscribed_apps$`
const subscribe = () => change('subscribeAppToWaba', mine())

describe('a token that ends', () => {
  const sentences = [
    'Error validating access token: The session has been invalidated because somebody changed something.',
    'Error validating access token: Session has expired on Monday, 30-Nov-26 07:00:00 PST.',
    'Error validating access token: this is no longer taken',
  ]

  it.each(sentences)('is told in the whole of Meta’s sentence, in answer and log: %s', async (message) => {
    await answer('POST', subscribed(), 401, { message, code: 190, error_subcode: 460 })
    expect(await subscribe()).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'TOKEN_INVALID',
      message: expect.stringContaining(message) as string,
      waitsFor: 'CUSTOMER',
      graphSubcode: 460,
    })
    await answer('GET', `^/${luckyShrub}$`, 401, { message, code: 190 })
    const { errors } = await play.post('{ app(id: "21202248997039") { name } }')
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(message) as string,
      extensions: { code: 'TOKEN_INVALID', waitsFor: 'US' },
    })
    expect(lines.some((line) => line.includes(message))).toBe(true)
  })

  it('is cut out of such a sentence, and nothing else is', async () => {
    const [token = ''] = play.config.apps.map(({ systemToken }) => systemToken)
    const message = `Error validating access token: the session of ${token} is over; Bearer ${token}`
    await answer('POST', subscribed(), 401, { message, code: 190 })
    expect(await subscribe()).toMatchObject({
      message: expect.stringContaining('access token: the session of [redacted] is over;') as string,
    })
    expect(lines.join('')).not.toContain(token)
  })

  it('waits for the customer who removed the app, as the customer has to sign up again', async () => {
    await answer('POST', subscribed(), 400, { message: 'Gone', code: 190, error_subcode: 458 })
    expect(await subscribe()).toMatchObject({
      code: 'TOKEN_INVALID',
      retryable: false,
      waitsFor: 'CUSTOMER',
      message: expect.stringContaining('signs up once more') as string,
    })
  })

  it('waits for us when it is our own', async () => {
    const solutionId = await play.solution('Alone', false)
    await answer('POST', '/accept', 401, { message: 'Gone', code: 190, error_subcode: 463 })
    expect(await change('acceptSolution', { solutionId, appId: luckyShrub })).toMatchObject({
      code: 'TOKEN_INVALID',
      waitsFor: 'US',
    })
  })
})

describe('the code of a signup', () => {
  const exchange = async (subcode: number): Promise<Json> => {
    const fresh = await play.control.play<Customer>('onboard', { app_id: socialOverdrive })
    await answer('GET', '^/oauth/access_token$', 400, {
      message: 'Not so',
      code: 100,
      error_subcode: subcode,
    })
    return change('completeEmbeddedSignup', { appId: socialOverdrive, code: fresh.code })
  }

  it.each([36007, 36009])('that has run out or was used waits for the customer (100/%i)', async (subcode) => {
    expect(await exchange(subcode)).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      retryable: false,
      waitsFor: 'CUSTOMER',
      message: expect.stringContaining('signs up once more') as string,
      graphSubcode: subcode,
    })
  })

  it('that was made with another redirect_uri waits for us, and says which input it is (100/36008)', async () => {
    expect(await exchange(36008)).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      waitsFor: 'US',
      message: expect.stringMatching(/code 100, subcode 36008\): Not so\. `redirectUri`/) as string,
      help: expect.stringContaining('embedded-signup') as string,
    })
  })
})

describe('a number', () => {
  it('that has to wait for its code is told to, with Meta’s words (136024/2388091)', async () => {
    await play.control.play('phones', { id: customer.phone_number_ids[0], verification: 'NOT_VERIFIED' })
    await answer('POST', '/request_code', 400, {
      message: 'Request code error',
      code: 136024,
      error_subcode: 2388091,
      error_user_title: 'Not now',
      error_user_msg: 'Come back in 2 hours.',
    })
    const asked = await change('requestPhoneNumberCode', {
      ...number(),
      codeMethod: 'SMS',
      language: 'en_US',
    })
    expect(asked).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterSeconds: 7200,
      waitsFor: 'META',
      userTitle: 'Not now',
      userMessage: 'Come back in 2 hours.',
    })
  })

  it('says in Meta’s details for how long its PIN is locked (133008), and what is wrong (133005)', async () => {
    const data = { error_data: { messaging_product: 'whatsapp', details: 'Locked for 30 minutes' } }
    await answer('POST', '/register', 400, { message: '(#133008) Too many', code: 133008, ...data })
    expect(await change('registerPhoneNumber', { ...number(), pin: '123456' })).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 1800,
      details: 'Locked for 30 minutes',
    })
    await answer('POST', '/register', 400, { message: '(#133005) Mismatch', code: 133005 })
    expect(await change('registerPhoneNumber', { ...number(), pin: '123456' })).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      waitsFor: 'CUSTOMER',
    })
  })
})

describe('maintenance', () => {
  it.each([
    ['of a migration, as subcode', { code: 100, error_subcode: 2494100 }],
    ['of a migration', { code: 2494100 }],
    ['of an account', { code: 131057 }],
  ])('%s is a reason to come again, and no write is in doubt for it', async (_, codes) => {
    await answer('POST', subscribed(), 400, { message: 'Closed', ...codes })
    expect(await subscribe()).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
      waitsFor: 'META',
    })
    expect(await subscribe()).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
  })
})

describe('a version of Graph that has ended', () => {
  it('is named as the setting that it is (2635)', async () => {
    await answer('GET', `^/${luckyShrub}$`, 400, { message: '(#2635) Deprecated version', code: 2635 })
    const { errors } = await play.post('{ app(id: "21202248997039") { name } }')
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('GRAPH_API_VERSION') as string,
      extensions: { code: 'UPSTREAM_REFUSED', waitsFor: 'US', graphCode: 2635 },
    })
  })
})

describe('a callback that does not prove itself', () => {
  it('is ours to mend (2200)', async () => {
    await subscribe()
    await answer('POST', subscribed(), 400, {
      message: '(#2200) Callback verification failed: HTTP Status Code = 403',
      code: 2200,
    })
    const input = {
      ...mine(),
      callbackUri: 'https://hooks.example.com/in',
      verifyToken: 'a-token-of-the-callback',
    }
    expect(await change('setWabaWebhookOverride', input)).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'UPSTREAM_REFUSED',
      waitsFor: 'US',
      message: expect.stringContaining('HTTP Status Code = 403') as string,
      help: expect.stringContaining('webhooks/override') as string,
      graphCode: 2200,
    })
  })
})

describe('what pays for an account', () => {
  it('is null and no guess where Graph does not know the field', async () => {
    await play.control.faults({ path: '^/', kind: 'unknownField', field: 'primary_funding_id' })
    const query = `mutation ($input: ShareCreditLineInput!, $w: ID!) { shareCreditLine(input: $input) {
      __typename ... on ShareCreditLinePayload { creditAllocation { funds(wabaId: $w) } } ... on Problem { code message } } }`
    const input = { ...mine(), currency: 'USD', addSystemUser: true }
    expect((await play.ask(query, { input, w: customer.waba_id }))['shareCreditLine']).toEqual({
      __typename: 'ShareCreditLinePayload',
      creditAllocation: { funds: null },
    })
  })
})

describe('a write whose outcome nobody knows', () => {
  it('keeps code and trace id of what Graph said last, also for who asks again, and in its event', async () => {
    const solutionId = await play.solution('Open', false)
    const accept = () => change('acceptSolution', { solutionId, appId: luckyShrub })
    await answer('POST', '/accept', 500, { message: 'An unknown error', code: 2, error_subcode: 99 })
    const open = {
      __typename: 'GatewayProblem',
      code: 'OUTCOME_UNKNOWN',
      graphCode: 2,
      graphSubcode: 99,
      fbtraceId: trace,
    }
    expect(await accept()).toMatchObject(open)
    expect(await accept()).toMatchObject(open)
    const { events } = (await play.ask(
      `query ($s: ID!) { events(last: 1, filter: { solutionId: $s, kinds: [OTHER] }) { edges { node {
        ... on OtherEvent { write { outcome problem graphCode graphSubcode graphTraceId } } } } } }`,
      { s: solutionId },
    )) as { events: { edges: { node: Json }[] } }
    expect(events.edges[0]?.node['write']).toEqual({
      outcome: 'UNKNOWN',
      problem: 'OUTCOME_UNKNOWN',
      graphCode: 2,
      graphSubcode: 99,
      graphTraceId: trace,
    })
  })

  it('keeps them for the code of a signup too, which waits for the customer', async () => {
    const fresh = await play.control.play<Customer>('onboard', { app_id: socialOverdrive })
    await answer('GET', '^/oauth/access_token$', 500, { message: 'An unknown error', code: 1 })
    const complete = () => change('completeEmbeddedSignup', { appId: socialOverdrive, code: fresh.code })
    const open = { code: 'OUTCOME_UNKNOWN', waitsFor: 'CUSTOMER', graphCode: 1, fbtraceId: trace }
    expect(await complete()).toMatchObject(open)
    expect(await complete()).toMatchObject(open)
  })

  it('has none when nothing came', async () => {
    const solutionId = await play.solution('Open', false)
    await play.control.faults({ method: 'POST', path: '/accept', kind: 'reset', times: 1 })
    expect(await change('acceptSolution', { solutionId, appId: luckyShrub })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      graphCode: null,
      fbtraceId: null,
    })
  })
})
