import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { graphql } from '../support/graphql.ts'
import { luckyShrub, socialOverdrive, startWorld, storedBy, type World } from './support/world.ts'

const pin = '739156'

interface Budget {
  readonly used: number
  readonly remaining: number
  readonly nextReleaseAt: string | null
}

describe('a phone number', () => {
  let world: World
  let wabaId: string
  let phoneNumberId: string

  beforeEach(async () => {
    world = await startWorld({ logLevel: 'trace' })
    const customer = await world.arrive()
    wabaId = customer.waba_id
    phoneNumberId = customer.phone_number_ids[0] ?? ''
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const mine = () => ({ wabaId, appId: luckyShrub })
  const payload = '... on PhoneNumberPayload { phoneNumber { phoneNumberId displayPhoneNumber status } }'
  const add = (phoneNumber = '1512 3456789') =>
    world.mutate(
      'addPhoneNumber',
      { ...mine(), countryCode: '49', phoneNumber, verifiedName: 'Café Zoë' },
      payload,
    )
  const added = async (): Promise<string> => {
    const { phoneNumber } = (await add()) as { phoneNumber: { phoneNumberId: string } }
    return phoneNumber.phoneNumberId
  }
  const requestCode = (id: string, more: object = {}) =>
    world.mutate(
      'requestPhoneNumberCode',
      { ...mine(), phoneNumberId: id, codeMethod: 'SMS', language: 'en_US', ...more },
      payload,
    )
  const codeOf = (id: string): string =>
    world.gateway.simulator
      .state()
      .accounts.flatMap(({ phoneNumbers }) => phoneNumbers)
      .find((row) => row.id === id)?.code ?? ''
  const register = (id = phoneNumberId, more: object = {}) =>
    world.mutate('registerPhoneNumber', { ...mine(), phoneNumberId: id, pin, ...more }, payload)
  const deregister = (id = phoneNumberId) =>
    world.mutate('deregisterPhoneNumber', { ...mine(), phoneNumberId: id }, payload)
  const budget = async (): Promise<Budget> => {
    const { clientWaba } = (await world.ask(
      `query ($id: ID!) { clientWaba(id: $id) { phoneNumbers { edges { node {
        registrationBudget { limit used remaining nextReleaseAt } } } } } }`,
      { id: wabaId },
    )) as { clientWaba: { phoneNumbers: { edges: { node: { registrationBudget: Budget } }[] } } }
    return clientWaba.phoneNumbers.edges[0]?.node.registrationBudget as Budget
  }

  it('goes live in four steps', async () => {
    const id = await added()
    expect(await register(id)).toMatchObject({ code: 'WRONG_STATE' })
    expect(await requestCode(id)).toMatchObject({ __typename: 'PhoneNumberPayload' })
    const code = codeOf(id)
    const entered = `${code.slice(0, 3)}-${code.slice(3)}`
    expect(
      await world.mutate('verifyPhoneNumberCode', { ...mine(), phoneNumberId: id, code: entered }, payload),
    ).toMatchObject({ __typename: 'PhoneNumberPayload' })
    expect(await register(id)).toMatchObject({ phoneNumber: { phoneNumberId: id, status: 'CONNECTED' } })
  })

  it('is added once, however often and however it is written', async () => {
    const id = await added()
    for (const written of ['1512 3456789', '+49 1512 3456789', '(1512) 345-6789'])
      expect(await add(written)).toMatchObject({ phoneNumber: { phoneNumberId: id } })
    expect(await world.sent('POST', 'phone_numbers')).toBe(1)
  })

  it('is found when the reply to adding or registering it is lost', async () => {
    await world.simulator.faults(
      { method: 'POST', path: 'phone_numbers', kind: 'lostReply' },
      { method: 'POST', path: '/register', kind: 'lostReply' },
    )
    expect(await add()).toMatchObject({ __typename: 'PhoneNumberPayload' })
    expect(await register()).toMatchObject({ phoneNumber: { status: 'CONNECTED' } })
    expect(await world.sent('POST', 'phone_numbers')).toBe(1)
    expect(await world.sent('POST', 'register')).toBe(1)
  })

  it('gets one code for two clicks, and for any number of calls with one key', async () => {
    const id = await added()
    const key = { idempotencyKey: 'one code' }
    await Promise.all([requestCode(id, key), requestCode(id, key), requestCode(id, key)])
    expect(await requestCode(id, key)).toMatchObject({ __typename: 'PhoneNumberPayload' })
    expect(await requestCode(id)).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
    expect(await requestCode(id, { ...key, codeMethod: 'VOICE' })).toMatchObject({ code: 'CONFLICT' })
    expect(await world.sent('POST', 'request_code')).toBe(1)
  })

  it('gets one code when several ask at once, each with a key of its own, or by another app', async () => {
    const id = await added()
    const keys = ['a', 'b', 'c', 'd']
    const answers = await Promise.all(keys.map((idempotencyKey) => requestCode(id, { idempotencyKey })))
    expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(3)
    expect(await requestCode(id, { appId: socialOverdrive, codeMethod: 'VOICE' })).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.not.stringContaining('same') as string,
    })
    expect(await world.sent('POST', 'request_code')).toBe(1)
  })

  it('gets no second code when nobody knows whether the first was sent', async () => {
    const id = await added()
    await world.simulator.faults({ method: 'POST', path: 'request_code', kind: 'reset' })
    expect(await requestCode(id)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    await world.simulator.faults()
    expect(await requestCode(id)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await world.sent('POST', 'request_code')).toBe(1)
  })

  it('that is connected is registered again only when that is what is wanted, and once for two clicks', async () => {
    const live = await world.simulator.play<{ waba_id: string; phone_number_ids: string[] }>('onboard', {
      solution_id: world.solutionId,
      registered: true,
    })
    wabaId = live.waba_id
    phoneNumberId = live.phone_number_ids[0] ?? ''
    const known = `{ events(filter: { wabaId: "${wabaId}", appId: "${luckyShrub}" }) { edges { cursor } } }`
    while (!JSON.stringify(await world.ask(known)).includes('cursor'));
    expect(await register()).toMatchObject({ phoneNumber: { status: 'CONNECTED' } })
    expect(await world.sent('POST', '/register')).toBe(0)
    const again = { again: true }
    const both = await Promise.all([register(phoneNumberId, again), register(phoneNumberId, again)])
    expect(both.filter(({ __typename }) => __typename === 'PhoneNumberPayload')).toHaveLength(1)
    expect(both).toContainEqual(expect.objectContaining({ code: 'RATE_LIMITED' }))
    expect(await world.sent('POST', '/register')).toBe(1)
  })

  it('gets one code for two clicks at once without a key, and another at once when Graph refused the first', async () => {
    const id = await added()
    await world.simulator.faults({ method: 'POST', path: 'request_code', kind: 'error', code: 100, times: 1 })
    expect(await requestCode(id)).toMatchObject({ __typename: 'GraphApiProblem' })
    const both = await Promise.all([requestCode(id), requestCode(id)])
    expect(both.map(({ code }) => code ?? 'DONE').sort()).toEqual(['DONE', 'RATE_LIMITED'])
    expect(await world.sent('POST', 'request_code')).toBe(2)
  })

  it('is registered once by two callers at once', async () => {
    await Promise.all([register(), register()])
    expect(await world.sent('POST', '/register')).toBe(1)
    expect(await budget()).toMatchObject({ used: 1 })
  })

  it('has ten registrations and deregistrations in 72 hours, and the eleventh is refused here', async () => {
    expect(await budget()).toEqual({ limit: 10, used: 0, remaining: 10, nextReleaseAt: null })
    for (let round = 0; round < 5; round++) {
      expect(await register()).toMatchObject({ __typename: 'PhoneNumberPayload' })
      expect(await deregister()).toMatchObject({ __typename: 'PhoneNumberPayload' })
    }
    await world.simulator.forgetRequests()
    const refused = await register()
    expect(refused).toMatchObject({ __typename: 'GatewayProblem', code: 'RATE_LIMITED' })
    expect(refused['retryAfterSeconds']).toBeGreaterThan(71 * 3600)
    expect(await world.sent('POST', '/{')).toBe(0)
    const left = await budget()
    expect(left).toMatchObject({ used: 10, remaining: 0 })
    expect(Date.parse(left.nextReleaseAt ?? '')).toBeGreaterThan(Date.now() + 71 * 3_600_000)
  })

  it('counts what Graph refused, and is locked when Graph says that others have used it up', async () => {
    await world.simulator.faults({ method: 'POST', path: '/register', kind: 'error', code: 133005, times: 1 })
    expect(await register()).toMatchObject({ __typename: 'GraphApiProblem' })
    expect(await budget()).toMatchObject({ used: 1, remaining: 9 })
    await world.simulator.faults({ method: 'POST', path: '/register', kind: 'error', code: 133016 })
    expect(await register()).toMatchObject({
      __typename: 'GraphApiProblem',
      retryable: true,
      retryAfterSeconds: 72 * 3600,
    })
    await world.simulator.forgetRequests()
    expect(await register()).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await world.sent('POST', '/{')).toBe(0)
    expect(await budget()).toMatchObject({ used: 10, remaining: 0 })
  })

  it('of another account is not touched through this one', async () => {
    const other = await world.arrive()
    await world.simulator.forgetRequests()
    expect(await register(other.phone_number_ids[0])).toMatchObject({ code: 'NOT_FOUND' })
    expect(await deregister(other.phone_number_ids[0])).toMatchObject({ code: 'NOT_FOUND' })
    expect(await world.sent('POST', '/{')).toBe(0)
  })

  it('keeps its PIN and code to itself: neither is in the log, the events or an answer', async () => {
    const id = await added()
    await requestCode(id)
    const code = codeOf(id)
    await world.mutate('verifyPhoneNumberCode', { ...mine(), phoneNumberId: id, code }, payload)
    const answers = [await register(id)]
    await world.simulator.faults({
      method: 'POST',
      path: '/register',
      kind: 'error',
      code: 133005,
      message: `The PIN ${pin} is wrong`,
    })
    answers.push(await register())
    const events = await world.ask(
      '{ events(last: 100) { edges { node { write { before after object } ... on OtherEvent { payload } ... on ClientWabaEvent { details } } } } }',
    )
    const everything = JSON.stringify([answers, events, world.gateway.logLines]) + storedBy(world)
    expect(everything).not.toContain(pin)
    expect(everything).not.toContain(code)
  })

  it('hears no PIN and no code repeated that were sent as numbers', async () => {
    const given = { ...mine(), phoneNumberId }
    const query = (type: string, field: string) =>
      `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`
    const { url } = world.gateway
    const registering = query('RegisterPhoneNumberInput', 'registerPhoneNumber')
    const verifying = query('VerifyPhoneNumberCodeInput', 'verifyPhoneNumberCode')
    const inline = `mutation { registerPhoneNumber(input: { wabaId: "1", phoneNumberId: "1", pin: ${pin} }) { __typename } }`
    const answers = [
      await graphql(url, registering, { input: { ...given, pin: Number(pin) } }),
      await graphql(url, verifying, { input: { ...given, code: Number(pin) } }),
      await graphql(url, inline),
    ]
    for (const { errors } of answers) expect(errors).toHaveLength(1)
    expect(JSON.stringify([answers, world.gateway.logLines])).not.toContain(pin)
  })

  it.each([
    ['addPhoneNumber', 'countryCode', { countryCode: '0', phoneNumber: '1512345', verifiedName: 'A' }],
    ['addPhoneNumber', 'phoneNumber', { countryCode: '49', phoneNumber: 'call me', verifiedName: 'A' }],
    ['addPhoneNumber', 'verifiedName', { countryCode: '49', phoneNumber: '1512345', verifiedName: ' ' }],
    ['requestPhoneNumberCode', 'language', { phoneNumberId: '1', codeMethod: 'SMS', language: '../en' }],
    [
      'requestPhoneNumberCode',
      'idempotencyKey',
      { phoneNumberId: '1', codeMethod: 'SMS', language: 'en_US', idempotencyKey: '' },
    ],
    ['verifyPhoneNumberCode', 'code', { phoneNumberId: '1', code: '12345' }],
    ['registerPhoneNumber', 'pin', { phoneNumberId: '1', pin: '12345a' }],
    [
      'registerPhoneNumber',
      'dataLocalizationRegion',
      { phoneNumberId: '1', pin, dataLocalizationRegion: 'Mars' },
    ],
    ['deregisterPhoneNumber', 'phoneNumberId', { phoneNumberId: '1/register' }],
    ['deregisterPhoneNumber', 'wabaId', { phoneNumberId: '1', wabaId: 'x' }],
    ['deregisterPhoneNumber', 'appId', { phoneNumberId: '1', appId: '1' }],
    ['subscribeAppToWaba', 'wabaId', { wabaId: Buffer.from('App:1').toString('base64url') }],
    ['unsubscribeAppFromWaba', 'appId', { appId: '999' }],
    ['clearWabaWebhookOverride', 'wabaId', { wabaId: '1'.repeat(21) }],
    ['completeEmbeddedSignup', 'code', { code: 'with space inside', wabaId: undefined }],
    ['completeEmbeddedSignup', 'wabaId', { code: 'a-code-of-some-length', wabaId: 'x' }],
    ['onboardClientWaba', 'pin', { pin: '123' }],
    ['onboardClientWaba', 'phoneNumberId', { pin, phoneNumberId: 'abc' }],
  ])('is left alone by %s with a bad %s, and Graph is not asked', async (field, name, input) => {
    expect(await world.mutate(field, { ...mine(), ...input }, '')).toMatchObject({
      __typename: 'InvalidInputProblem',
      path: ['input', name],
    })
    expect((await world.simulator.requests()).total).toBe(0)
  })
})
