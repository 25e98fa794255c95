import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { digestOf, idOf } from '../../src/writes/record.ts'
import { luckyShrub, socialOverdrive, startWorld, type Customer, type World } from './support/world.ts'

const payload = `... on OnboardClientWabaPayload {
  attempts { kind problem { code message } }
  onboarding { complete steps { kind state } blockers { code waitsFor } }
}`

describe('onboarding an account', () => {
  let world: World
  let customer: Customer

  beforeEach(async () => {
    world = await startWorld()
    customer = await world.arrive()
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  // Social Overdrive is a Tech Provider: the credit is the other side's.
  const onboard = (more: object = {}) =>
    world.mutate(
      'onboardClientWaba',
      { wabaId: customer.waba_id, appId: socialOverdrive, pin: '739156', ...more },
      payload,
    )

  /** Nobody can send as long as nothing pays. */
  const enterCard = () => world.simulator.play('wabas', { id: customer.waba_id, payment_method: true })

  it('takes the steps that are left, in their order, and ends complete', async () => {
    await enterCard()
    expect(await onboard()).toMatchObject({
      attempts: [
        { kind: 'WEBHOOKS_SUBSCRIBED', problem: null },
        { kind: 'PHONE_NUMBER_REGISTERED', problem: null },
      ],
      onboarding: { complete: true },
    })
  })

  it('takes what it can, and is not complete while nothing pays: that is the other partner’s turn', async () => {
    expect(await onboard()).toMatchObject({
      attempts: [{ problem: null }, { problem: null }],
      onboarding: { complete: false, blockers: [{ code: 'NO_PAYMENT_METHOD', waitsFor: 'PARTNER' }, {}] },
    })
  })

  it('sends nothing when nothing is left', async () => {
    await enterCard()
    await onboard()
    await world.simulator.forgetRequests()
    expect(await onboard()).toMatchObject({ attempts: [], onboarding: { complete: true } })
    expect(await world.sent('POST', '/{')).toBe(0)
  })

  it('takes only the steps that it was given the means for', async () => {
    expect(await onboard({ pin: null })).toMatchObject({
      attempts: [{ kind: 'WEBHOOKS_SUBSCRIBED' }],
      onboarding: { complete: false },
    })
  })

  it('goes on behind a step that fails, says why, and finishes it the next time', async () => {
    await enterCard()
    await world.simulator.faults({ method: 'POST', path: 'subscribed_apps', kind: 'error', code: 200 })
    expect(await onboard()).toMatchObject({
      attempts: [
        { kind: 'WEBHOOKS_SUBSCRIBED', problem: { code: 'NOT_PERMITTED' } },
        { kind: 'PHONE_NUMBER_REGISTERED', problem: null },
      ],
      onboarding: { complete: false },
    })
    await world.simulator.faults()
    expect(await onboard()).toMatchObject({
      attempts: [{ kind: 'WEBHOOKS_SUBSCRIBED', problem: null }],
      onboarding: { complete: true },
    })
  })

  it('writes once when several ask at once, and tells none of them of a step that another has taken', async () => {
    await enterCard()
    const all = (await Promise.all([1, 2, 3, 4, 5].map(() => onboard()))) as {
      attempts: { problem: unknown }[]
    }[]
    for (const answer of all) expect(answer).toMatchObject({ onboarding: { complete: true } })
    expect(all.flatMap(({ attempts }) => attempts).filter(({ problem }) => problem !== null)).toEqual([])
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
    expect(await world.sent('POST', '/register')).toBe(1)
  })

  it('asks which number when several wait', async () => {
    await enterCard()
    await world.mutate(
      'addPhoneNumber',
      {
        wabaId: customer.waba_id,
        appId: luckyShrub,
        countryCode: '49',
        phoneNumber: '1512345678',
        verifiedName: 'Second',
      },
      '',
    )
    expect(await onboard()).toMatchObject({
      attempts: [{}, { kind: 'PHONE_NUMBER_REGISTERED', problem: { code: 'INVALID_INPUT' } }],
    })
    expect(await onboard({ phoneNumberId: customer.phone_number_ids[0] })).toMatchObject({
      onboarding: { complete: true },
    })
  })

  it('registers the number that was named although another one is connected', async () => {
    await onboard()
    const { phoneNumber } = (await world.mutate(
      'addPhoneNumber',
      {
        wabaId: customer.waba_id,
        appId: luckyShrub,
        countryCode: '49',
        phoneNumber: '1512345678',
        verifiedName: 'Second',
      },
      '... on PhoneNumberPayload { phoneNumber { phoneNumberId } }',
    )) as { phoneNumber: { phoneNumberId: string } }
    const named = phoneNumber.phoneNumberId
    await world.simulator.play('phones', { id: named, verification: 'VERIFIED' })
    await world.simulator.forgetRequests()
    expect(await onboard({ phoneNumberId: named })).toMatchObject({
      attempts: [{ kind: 'PHONE_NUMBER_REGISTERED', problem: null }],
    })
    expect(await onboard({ phoneNumberId: named })).toMatchObject({ attempts: [] })
    expect(await world.sent('POST', '/register')).toBe(1)
  })

  it('says that a number that was named is none of the account', async () => {
    await onboard()
    expect(await onboard({ phoneNumberId: '999' })).toMatchObject({
      attempts: [{ kind: 'PHONE_NUMBER_REGISTERED', problem: { code: 'NOT_FOUND' } }],
    })
  })

  it('says that there is no number to register', async () => {
    await world.close()
    // In the new account model every account comes with one.
    world = await startWorld({}, 'PARTNER', { accountModel: 'old' })
    const bare = await world.simulator.play<Customer>('install', { app_id: luckyShrub })
    const told = '{ events(filter: { kinds: [CLIENT_WABA_APP_INSTALLED] }) { edges { node { kind } } } }'
    while (!JSON.stringify(await world.ask(told)).includes('INSTALLED"'));
    customer = { ...customer, waba_id: bare.waba_id }
    expect(await onboard({ appId: luckyShrub })).toMatchObject({
      attempts: [
        { kind: 'WEBHOOKS_SUBSCRIBED' },
        {
          kind: 'PHONE_NUMBER_REGISTERED',
          problem: { code: 'WRONG_STATE', message: expect.stringContaining('addPhoneNumber') as string },
        },
      ],
    })
    expect(await world.sent('POST', '/register')).toBe(0)
  })

  it.each([
    ['phoneNumberId', '1'],
    ['dataLocalizationRegion', 'DE'],
    ['creditLineId', '1'],
  ])('refuses %s without what the step takes', async (name, value) => {
    expect(await onboard({ pin: null, [name]: value })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', name],
    })
    expect(await world.sent('POST', '/{')).toBe(0)
  })

  it('shares credit where the app has a line, with what it takes, and once', async () => {
    const bySolutionPartner = { appId: luckyShrub, currency: 'EUR' }
    expect(await onboard(bySolutionPartner)).toMatchObject({
      attempts: [
        { kind: 'WEBHOOKS_SUBSCRIBED', problem: null },
        { kind: 'CREDIT_SHARED', problem: null },
        { kind: 'PHONE_NUMBER_REGISTERED', problem: null },
      ],
      onboarding: { complete: true },
    })
    expect(await onboard(bySolutionPartner)).toMatchObject({ attempts: [], onboarding: { complete: true } })
    expect(await world.sent('POST', 'whatsapp_credit_sharing_and_attach')).toBe(1)
    expect(await world.sent('POST', 'assigned_users')).toBe(1)
  })

  it('tells and stores a share whose gateway died before it could, and sends nothing', async () => {
    const bySolutionPartner = { appId: luckyShrub, currency: 'EUR' }
    const { app, line } = signedByHand()
    const post = (path: string) =>
      fetch(`${world.gateway.simulator.url}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app?.systemToken}` },
      }).then((answer) => answer.json())
    const waba = customer.waba_id
    const user = world.gateway.simulator.state().apps.find(({ appId }) => appId === luckyShrub)?.systemUserId
    await post(`${waba}/assigned_users?user=${user}&tasks=["MANAGE"]`)
    await leaveOpenShare(waba, line)
    const { allocation_config_id: allocationId } = (await post(
      `${line}/whatsapp_credit_sharing_and_attach?waba_currency=EUR&waba_id=${waba}`,
    )) as { allocation_config_id: string }
    await world.simulator.forgetRequests()
    expect(await onboard(bySolutionPartner)).toMatchObject({ onboarding: { complete: true } })
    expect(await world.sent('POST', 'whatsapp_credit_sharing_and_attach')).toBe(0)
    const { events, creditAllocation } = await world.ask(
      `query ($id: ID!) { creditAllocation(wabaId: $id) { allocationId }
        events(first: 9, filter: { kinds: [CREDIT_SHARED] }) { edges { node { kind ... on CreditEvent { allocationId } } } } }`,
      { id: waba },
    )
    expect(creditAllocation).toEqual({ allocationId })
    expect(events).toEqual({ edges: [{ node: { kind: 'CREDIT_SHARED', allocationId } }] })
    expect(await onboard(bySolutionPartner)).toMatchObject({ attempts: [] })
  })

  const signedByHand = () => {
    const app = world.gateway.config.apps.find(({ appId }) => appId === luckyShrub)
    return { app, line: world.gateway.simulator.state().creditLines[0]?.id ?? '' }
  }

  /** As a gateway leaves it that dies after it has sent the share. */
  const leaveOpenShare = async (waba: string, line: string): Promise<void> => {
    const { app } = signedByHand()
    if (!app) throw new Error('no app')
    const longAgo = { clock: () => Date.now() - 60_000 }
    const store = await openStore(world.gateway.config.databaseUrl, longAgo)
    const id = idOf({ app, verb: 'share_credit_line', object: `waba:${waba}`, key: null })
    const answer = await store.writes.begin(id, digestOf([waba, line, 'EUR', 'SHARE_AND_ATTACH']))
    const before = JSON.stringify({ before: { fundingId: null } })
    if ('begun' in answer) await store.writes.markSending(id, answer.begun.token, before, 60_000)
    await store.close()
  }

  it('leaves credit alone without a currency', async () => {
    expect(await onboard({ appId: luckyShrub })).toMatchObject({
      attempts: [{ kind: 'WEBHOOKS_SUBSCRIBED' }, { kind: 'PHONE_NUMBER_REGISTERED' }],
      onboarding: { complete: false, steps: [{}, {}, {}, { kind: 'CREDIT_SHARED', state: 'TODO' }, {}] },
    })
  })

  it('knows no weekly limit of a Solution Partner: Meta names one for Tech Providers', async () => {
    const query = 'query ($id: ID!) { app(id: $id) { onboardingQuota { limit } } }'
    expect(await world.ask(query, { id: luckyShrub })).toEqual({ app: { onboardingQuota: null } })
  })

  it('counts new customers of the week, and each once', async () => {
    const quota = async () =>
      (
        (await world.ask(
          'query ($id: ID!) { app(id: $id) { onboardingQuota { limit limitSource used remaining nextReleaseAt } } }',
          {
            id: socialOverdrive,
          },
        )) as { app: { onboardingQuota: Record<string, unknown> } }
      ).app.onboardingQuota
    expect(await quota()).toMatchObject({ limit: 200, limitSource: 'ASSUMED', used: 1, remaining: 199 })
    await world.simulator.play('onboard', {
      solution_id: world.solutionId,
      business_id: customer.business_id,
    })
    await world.arrive()
    const { nextReleaseAt, ...rest } = await quota()
    expect(rest).toEqual({ limit: 200, limitSource: 'ASSUMED', used: 2, remaining: 198 })
    expect(Date.parse(nextReleaseAt as string)).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000)
  })
})
