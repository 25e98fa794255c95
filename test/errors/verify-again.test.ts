import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, startWorld, type Customer, type World } from '../onboarding/support/world.ts'

const refused = (code: number, more: object = {}): object => ({
  error: {
    message: `(#${code}) Refused`,
    type: 'OAuthException',
    code,
    fbtrace_id: 'AInventedTrace02',
    ...more,
  },
})

describe('a number that shows VERIFIED, and that Graph wants verified once more (133006)', () => {
  let world: World
  let customer: Customer
  beforeEach(async () => {
    world = await startWorld()
    customer = await world.arrive()
  })
  afterEach(() => world.close())

  const id = (): string => customer.phone_number_ids[0] ?? ''
  const step = (field: string, more: object) =>
    world.mutate(field, { wabaId: customer.waba_id, appId: luckyShrub, phoneNumberId: id(), ...more }, '')
  const register = () => step('registerPhoneNumber', { pin: '739156' })
  const ask = () => step('requestPhoneNumberCode', { codeMethod: 'SMS', language: 'en_US' })
  const enter = () => step('verifyPhoneNumberCode', { code: '123456' })
  const answers = (edge: string, status: number, body: object, times = 1) => ({
    kind: 'error',
    method: 'POST',
    path: `^/\\d+/${edge}$`,
    status,
    body,
    times,
  })
  const reasons = async (): Promise<Record<string, string | null>> => {
    const { clientWaba } = (await world.ask(
      'query ($w: ID!) { clientWaba(id: $w) { phoneNumbers { edges { node { actions { action reason } } } } } }',
      { w: customer.waba_id },
    )) as {
      clientWaba: {
        phoneNumbers: { edges: { node: { actions: { action: string; reason: string | null }[] } }[] }
      }
    }
    const [edge] = clientWaba.phoneNumbers.edges
    return Object.fromEntries(edge?.node.actions.map(({ action, reason }) => [action, reason]) ?? [])
  }
  const done = { __typename: 'PhoneNumberPayload' }

  it('gets no code as long as Graph does not want that', async () => {
    expect(await ask()).toMatchObject({ code: 'WRONG_STATE' })
    expect(await reasons()).toMatchObject({ REQUEST_CODE: 'The number is verified already.' })
  })

  it('gets a code, whose proof is sent, and is registered then', async () => {
    await world.simulator.faults(
      answers('register', 400, refused(133006)),
      answers('request_code', 200, { success: true }, 9),
      answers('verify_code', 200, { success: true }, 9),
    )
    expect(await register()).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      message: expect.stringContaining('Request a new code') as string,
      retryable: false,
    })
    expect(await reasons()).toMatchObject({ REQUEST_CODE: null, VERIFY_CODE: null })
    await world.simulator.forgetRequests()
    expect(await ask()).toMatchObject(done)
    expect(await ask()).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await enter()).toMatchObject(done)
    expect(await world.sent('POST', 'verify_code')).toBe(1)
    expect(await ask()).toMatchObject({ code: 'WRONG_STATE' })
    expect(await enter()).toMatchObject(done)
    expect(await world.sent('POST', 'verify_code')).toBe(1)
    expect(await register()).toMatchObject(done)
  })

  it('gets one at once, although one was sent a moment ago', async () => {
    await world.simulator.play('phones', { id: id(), verification: 'EXPIRED' })
    expect(await ask()).toMatchObject(done)
    await world.simulator.play('phones', { id: id(), verification: 'VERIFIED' })
    await world.simulator.faults(
      answers('register', 400, refused(133006)),
      answers('request_code', 200, { success: true }),
    )
    expect(await register()).toMatchObject({ code: 'UPSTREAM_REFUSED' })
    expect(await ask()).toMatchObject(done)
  })

  it('that has been verified elsewhere meanwhile is told to be, and waits for nobody', async () => {
    await world.simulator.faults(answers('register', 400, refused(133006)))
    await register()
    const query = `mutation ($input: RequestPhoneNumberCodeInput!) { requestPhoneNumberCode(input: $input) {
      __typename ... on GraphApiProblem { code message retryable waitsFor graphCode details userTitle userMessage } } }`
    const input = {
      wabaId: customer.waba_id,
      phoneNumberId: id(),
      codeMethod: 'SMS',
      language: 'en_US',
      appId: luckyShrub,
    }
    expect((await world.ask(query, { input }))['requestPhoneNumberCode']).toEqual({
      __typename: 'GraphApiProblem',
      code: 'WRONG_STATE',
      message: expect.stringContaining('needs no code') as string,
      retryable: false,
      waitsFor: null,
      graphCode: 136024,
      details: 'The phone number is verified already',
      userTitle: 'No code is needed',
      userMessage: 'This phone number is verified already.',
    })
  })

  it('that has to wait for its next code is told so, and asks again when it likes', async () => {
    await world.simulator.play('phones', { id: id(), verification: 'NOT_VERIFIED' })
    const wait = refused(136024, { error_subcode: 2388091, error_user_msg: 'Come back in a while.' })
    await world.simulator.faults(answers('request_code', 400, wait))
    expect(await ask()).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
    expect(await ask()).toMatchObject(done)
  })
})

describe('a number that Graph will not add because the account has it', () => {
  it.each([
    ['alone', { code: 2388012 }],
    ['as a subcode', { code: 100, error_subcode: 2388012 }],
  ])('is added, when it is there: code %s', async (_, codes) => {
    const world = await startWorld()
    try {
      const { waba_id: wabaId } = await world.arrive()
      const input = {
        wabaId,
        appId: luckyShrub,
        countryCode: '49',
        phoneNumber: '1512 3456789',
        verifiedName: 'Café Zoë',
      }
      // It comes to be between the look and the call.
      const body = refused(codes.code, codes)
      const path = '/phone_numbers'
      await world.simulator.faults({
        kind: 'error',
        method: 'POST',
        path,
        status: 400,
        body,
        done: true,
        times: 1,
      })
      expect(await world.mutate('addPhoneNumber', input, '')).toEqual({ __typename: 'PhoneNumberPayload' })
      await world.simulator.faults({ kind: 'error', method: 'POST', path, status: 400, body })
      const other = { ...input, phoneNumber: '1512 7654321' }
      expect(await world.mutate('addPhoneNumber', other, '')).toMatchObject({
        __typename: 'GraphApiProblem',
        code: 'WRONG_STATE',
      })
    } finally {
      await world.close()
    }
  })
})
