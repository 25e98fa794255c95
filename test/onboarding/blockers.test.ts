import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type Customer, type World } from './support/world.ts'

interface Blocker {
  readonly code: string
  readonly message: string
  readonly blocksSending: boolean
  readonly since: string
  readonly waitsFor: string
  readonly action: string | null
  readonly help: string | null
}

interface Onboarding {
  readonly complete: boolean
  readonly blockers: readonly Blocker[]
  readonly steps: readonly { readonly kind: string; readonly state: string; readonly since: string | null }[]
}

/** A limit that every customer begins with. */
const usual = { code: 'BUSINESS_NOT_VERIFIED', blocksSending: false }

describe('what keeps a customer from sending', () => {
  let world: World
  let customer: Customer

  beforeEach(async () => {
    world = await startWorld()
    customer = await world.arrive()
  })
  afterEach(() => world.close())

  const onboardingOf = async (appId: string): Promise<Onboarding> => {
    const { clientWaba } = (await world.ask(
      `query ($id: ID!, $app: ID) { clientWaba(id: $id) { onboarding(appId: $app) { complete
        steps { kind state since }
        blockers { code message blocksSending since waitsFor action help } } } }`,
      { id: customer.waba_id, app: appId },
    )) as { clientWaba: { onboarding: Onboarding } }
    return clientWaba.onboarding
  }
  const onboarding = () => onboardingOf(socialOverdrive)
  const codes = async (): Promise<string[]> => (await onboarding()).blockers.map(({ code }) => code)
  const play = (route: string, body: object) => world.simulator.play(route, body)
  const number = (more: object) => play('phones', { id: customer.phone_number_ids[0], ...more })
  const account = (more: object) => play('wabas', { id: customer.waba_id, ...more })
  const tell = async (value: object, field = 'account_update') => {
    const entry = [{ id: customer.waba_id, time: Math.floor(Date.now() / 1000), changes: [{ field, value }] }]
    const body = { object: 'whatsapp_business_account', entry }
    expect(await world.simulator.webhook(socialOverdrive, body)).toEqual([200])
  }
  /** All that the Tech Provider can do, and a card of the customer's. */
  const finish = async (): Promise<void> => {
    await account({ payment_method: true })
    await world.mutate(
      'onboardClientWaba',
      { wabaId: customer.waba_id, appId: socialOverdrive, pin: '271828' },
      '',
    )
  }

  it('is everything that is left of a customer who has just arrived, the most urgent first', async () => {
    const { complete, blockers, steps } = await onboarding()
    expect(complete).toBe(false)
    expect(blockers).toMatchObject([
      { code: 'NO_PAYMENT_METHOD', blocksSending: true, waitsFor: 'PARTNER', action: null },
      {
        code: 'NUMBER_NOT_REGISTERED',
        blocksSending: true,
        waitsFor: 'US',
        action: 'registerPhoneNumber',
        help: expect.stringMatching(/^https:.*registration$/) as string,
      },
      usual,
      { code: 'NOT_SUBSCRIBED', blocksSending: false, waitsFor: 'US', action: 'subscribeAppToWaba' },
    ])
    const open = steps.filter(({ state }) => state === 'TODO')
    expect(open).toHaveLength(3)
    const arrived = open[0]?.since ?? ''
    for (const { since } of [...open, ...blockers]) expect(since).toBe(arrived)
    expect(steps.filter(({ since }) => since === null)).toHaveLength(2)
  })

  it('is the credit for the Solution Partner, who can share it, and for the customer whom no solution brought', async () => {
    expect((await onboardingOf(luckyShrub)).blockers[0]).toMatchObject({
      code: 'NO_PAYMENT_METHOD',
      waitsFor: 'US',
      action: 'shareCreditLine',
    })
    customer = await world.simulator.play<Customer>('onboard', { app_id: socialOverdrive })
    const told = `{ events(filter: { wabaId: "${customer.waba_id}" }) { edges { cursor } } }`
    while (!JSON.stringify(await world.ask(told)).includes('cursor'));
    expect((await onboarding()).blockers[0]).toMatchObject({
      code: 'NO_PAYMENT_METHOD',
      waitsFor: 'CUSTOMER',
      action: null,
      message: expect.stringContaining('payment method') as string,
    })
  })

  it('is nothing once all is done and something pays, but for limits', async () => {
    await finish()
    expect(await onboarding()).toMatchObject({ complete: true, blockers: [usual] })
  })

  it('is a restriction until it ends, and one that stops no messages is told all the same', async () => {
    await finish()
    const expiration = Math.floor(Date.now() / 1000) + 3600
    const restricts = (restriction_type: string, end = expiration) =>
      account({ restriction_info: [{ restriction_type, expiration: end }] })
    await restricts('RESTRICTED_ADD_PHONE_NUMBER_ACTION')
    await expect.poll(onboarding).toMatchObject({
      complete: true,
      blockers: [{ code: 'ACCOUNT_RESTRICTED', blocksSending: false }, usual],
    })
    await restricts('RESTRICTED_BIZ_INITIATED_MESSAGING')
    await expect.poll(onboarding).toMatchObject({
      complete: false,
      blockers: [
        {
          code: 'ACCOUNT_RESTRICTED',
          blocksSending: true,
          waitsFor: 'CUSTOMER',
          message: expect.stringContaining(new Date(expiration * 1000).toISOString()) as string,
        },
        usual,
      ],
    })
  })

  it('is no restriction that is over', async () => {
    await finish()
    await tell({
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [
        {
          restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
          expiration: Math.floor(Date.now() / 1000) - 1,
        },
      ],
    })
    expect(await onboarding()).toMatchObject({ complete: true, blockers: [usual] })
  })

  it('is that the account is disabled, and no longer when it is reinstated', async () => {
    await finish()
    await account({ waba_ban_state: 'SCHEDULE_FOR_DISABLE' })
    await expect.poll(onboarding).toMatchObject({
      complete: true,
      blockers: [{}, { code: 'ACCOUNT_DISABLED_SOON', waitsFor: 'CUSTOMER' }],
    })
    await account({ waba_ban_state: 'DISABLE' })
    await expect
      .poll(onboarding)
      .toMatchObject({ complete: false, blockers: [{ code: 'ACCOUNT_DISABLED' }, {}, {}] })
    await account({ waba_ban_state: 'REINSTATE' })
    await expect.poll(onboarding).toMatchObject({ complete: true, blockers: [usual] })
  })

  it('is a number that its customer took off the platform, until it is told to be back', async () => {
    await number({ status: 'DISCONNECTED' })
    const query = `query ($id: ID!) { clientWaba(id: $id) { phoneNumbers { edges { node { displayPhoneNumber } } } } }`
    const { clientWaba } = (await world.ask(query, { id: customer.waba_id })) as {
      clientWaba: { phoneNumbers: { edges: [{ node: { displayPhoneNumber: string } }] } }
    }
    const [{ node }] = clientWaba.phoneNumbers.edges
    const digits = node.displayPhoneNumber.replaceAll(/\D/g, '')
    await tell({ event: 'ACCOUNT_OFFBOARDED', phone_number: digits })
    expect(await codes()).toContain('NUMBER_DISCONNECTED')
    await tell({ event: 'ACCOUNT_RECONNECTED', phone_number: digits })
    expect(await codes()).not.toContain('NUMBER_DISCONNECTED')
  })

  it('is a display name that Meta has refused, and not one that was asked for in its place', async () => {
    await finish()
    await number({ new_display_name: 'Ana from Acme', new_name_status: 'DECLINED' })
    await expect
      .poll(onboarding)
      .toMatchObject({ complete: true, blockers: [{ code: 'NAME_REJECTED', blocksSending: false }, usual] })
    await number({ name_status: 'DECLINED' })
    await expect.poll(onboarding).toMatchObject({
      complete: false,
      blockers: [{ code: 'NAME_REJECTED', blocksSending: true, waitsFor: 'CUSTOMER' }, {}],
    })
  })

  it('is a refused name that Graph does not show yet, with the reason that came', async () => {
    await finish()
    const [shown] = world.gateway.simulator.state().accounts.at(-1)?.phoneNumbers ?? []
    await tell(
      {
        display_phone_number: shown?.displayPhoneNumber.replaceAll(/\D/g, ''),
        decision: 'REJECTED',
        requested_verified_name: 'Ana from Acme',
        rejection_reason: 'NAME_EMPLOYEE_ISSUE',
      },
      'phone_number_name_update',
    )
    expect(await onboarding()).toMatchObject({
      complete: false,
      blockers: [
        { code: 'NAME_REJECTED', message: expect.stringContaining('NAME_EMPLOYEE_ISSUE') as string },
        usual,
      ],
    })
  })

  it('is a certification that Meta has asked for, until it is approved', async () => {
    await finish()
    const info = { client_business_id: customer.business_id }
    await tell({
      event: 'PARTNER_CLIENT_CERTIFICATION_NEEDED',
      partner_client_certification_needed_info: info,
    })
    expect(await onboarding()).toMatchObject({
      complete: false,
      blockers: [{ code: 'CERTIFICATION_NEEDED', waitsFor: 'PARTNER', action: null }, usual],
    })
    const status = (word: string) =>
      tell({
        event: 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE',
        partner_client_certification_info: { ...info, status: word, rejection_reasons: ['NONE'] },
      })
    await status('FAILED')
    expect(await onboarding()).toMatchObject({
      complete: false,
      blockers: [{ message: expect.stringContaining('FAILED') as string }, {}],
    })
    await status('PENDING')
    expect(await onboarding()).toMatchObject({ complete: false, blockers: [{ waitsFor: 'META' }, {}] })
    await status('APPROVED')
    expect(await onboarding()).toMatchObject({ complete: true, blockers: [usual] })
  })

  it('is what Meta’s review and its health check say', async () => {
    await finish()
    await account({ account_review_status: 'REJECTED' })
    await expect
      .poll(onboarding)
      .toMatchObject({ complete: false, blockers: [{ code: 'ACCOUNT_REJECTED', waitsFor: 'CUSTOMER' }, {}] })
    await account({ account_review_status: 'PENDING' })
    await expect.poll(onboarding).toMatchObject({ complete: true })
    expect(await codes()).toContain('ACCOUNT_IN_REVIEW')
    await account({ account_review_status: 'APPROVED' })
    await expect.poll(onboarding).toMatchObject({ complete: true, blockers: [usual] })
    const entity = {
      can_send_message: 'BLOCKED',
      errors: [{ error_code: 141_999, error_description: 'New.' }],
    }
    await play('health', { id: customer.waba_id, entity })
    expect(await onboarding()).toMatchObject({
      complete: false,
      blockers: [{ code: 'SENDING_BLOCKED', message: 'New.', blocksSending: true, waitsFor: 'META' }, usual],
    })
  })

  it('is a number that Meta lets send nothing; a low quality is told and keeps from nothing', async () => {
    await finish()
    await number({ quality_rating: 'RED' })
    expect(await onboarding()).toMatchObject({ complete: true })
    expect(await codes()).toContain('QUALITY_LOW')
    await number({ status: 'BANNED', quality_rating: 'GREEN' })
    expect(await onboarding()).toMatchObject({
      complete: false,
      blockers: [{ code: 'NUMBER_RESTRICTED', waitsFor: 'CUSTOMER', action: null }, usual],
    })
  })

  it('is, of a step that was undone, since then', async () => {
    await finish()
    const before = Date.now()
    const given = { wabaId: customer.waba_id, appId: socialOverdrive }
    await world.mutate('deregisterPhoneNumber', { ...given, phoneNumberId: customer.phone_number_ids[0] }, '')
    await world.mutate('unsubscribeAppFromWaba', given, '')
    const { steps, blockers } = await onboarding()
    const since = (kind: string) => Date.parse(steps.find((step) => step.kind === kind)?.since ?? '')
    expect(since('PHONE_NUMBER_REGISTERED')).toBeGreaterThanOrEqual(before)
    expect(since('WEBHOOKS_SUBSCRIBED')).toBeGreaterThanOrEqual(since('PHONE_NUMBER_REGISTERED'))
    expect(blockers.map(({ code }) => code)).toEqual([
      'NUMBER_NOT_REGISTERED',
      'BUSINESS_NOT_VERIFIED',
      'NOT_SUBSCRIBED',
    ])
  })

  it('is only that the customer has gone, once the account is taken back', async () => {
    await finish()
    await play('unshare', { waba_id: customer.waba_id, app_id: socialOverdrive })
    const query = `{ events(last: 1, filter: { appId: "${socialOverdrive}", kinds: [CLIENT_WABA_REMOVED] }) { edges { node {
      ... on ClientWabaEvent { clientWaba { onboarding(appId: "${socialOverdrive}") { complete blockers { code waitsFor } } } } } } } }`
    const shown = async () =>
      (
        (await world.ask(query)) as {
          events: { edges: { node: { clientWaba: { onboarding: object } } }[] }
        }
      ).events.edges[0]?.node.clientWaba.onboarding
    await expect
      .poll(shown)
      .toEqual({ complete: false, blockers: [{ code: 'NOT_SHARED', waitsFor: 'CUSTOMER' }] })
  })

  it('costs no call beyond those of the steps', async () => {
    const units = async (selection: string): Promise<number> => {
      await world.simulator.forgetRequests()
      await world.ask(
        `query ($id: ID!, $app: ID) { clientWaba(id: $id) { onboarding(appId: $app) { ${selection} } } }`,
        { id: customer.waba_id, app: socialOverdrive },
      )
      return (await world.simulator.requests()).units
    }
    await units('complete')
    const steps = await units('steps { state }')
    expect(await units('complete steps { state } blockers { code }')).toBe(steps)
  })
})
