import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRestartable, type Restartable } from '../onboarding/support/restartable.ts'

const noToken = ['access_token', 'system_user_access_tokens'].map((path) => ({
  path,
  kind: 'error',
  code: 200,
  status: 403,
}))

describe('an account whose business token cannot be had', () => {
  let world: Restartable
  let wabaId: string

  beforeEach(async () => {
    world = await startRestartable()
    ;({ waba_id: wabaId } = await world.arrive())
    await world.told(wabaId)
  })
  afterEach(() => world.close())

  const share = (more: object = {}) =>
    world.mutate(
      'ShareCreditLineInput',
      'shareCreditLine',
      { wabaId, currency: 'USD', addSystemUser: true, ...more },
      '... on ShareCreditLinePayload { verified creditAllocation { status } }',
    )
  const sent = async (): Promise<number> =>
    (await world.simulator.requests()).byRoute['POST /{creditLine}/whatsapp_credit_sharing_and_attach'] ?? 0
  /** A token that was there is in memory. */
  const loseToken = async (): Promise<void> => {
    await world.simulator.faults(...noToken)
    await world.restart()
    await world.simulator.forgetRequests()
  }

  it('is not shared with again when it is on record as having taken the line', async () => {
    await share()
    await loseToken()
    expect(await share()).toMatchObject({ verified: null, creditAllocation: { status: 'SHARED' } })
    expect(await sent()).toBe(0)
    expect(await world.step(wabaId, 'CREDIT_SHARED')).toMatchObject({ state: 'DONE' })
  })

  it('keeps the currency that Graph shows the system token', async () => {
    await share()
    await loseToken()
    expect(await share({ currency: 'EUR' })).toMatchObject({ code: 'CONFLICT' })
    expect(await sent()).toBe(0)
  })

  it('is one of which nothing is told where nothing was stored, and it waits for whoever has the token', async () => {
    await loseToken()
    expect(await world.step(wabaId, 'BUSINESS_TOKEN')).toMatchObject({ waitsFor: 'PARTNER' })
    expect(await world.step(wabaId, 'CREDIT_SHARED')).toMatchObject({ state: 'UNKNOWN', waitsFor: 'PARTNER' })
    expect(await share()).toMatchObject({ verified: null })
    expect(await sent()).toBe(1)
  })

  it('is not read with the system token in place of the customer’s, since a solution brought it', async () => {
    await loseToken()
    await world.step(wabaId, 'CREDIT_SHARED')
    const { last } = (await world.simulator.requests()) as unknown as { last: unknown[] }
    expect(last.length).toBeGreaterThan(0)
    expect(JSON.stringify(last)).not.toContain('primary_funding_id')
  })
})

describe('an account that another line pays for', () => {
  let world: Restartable
  let ours: string
  let other: string

  beforeEach(async () => {
    world = await startRestartable({}, { creditLines: 2 })
    ours = world.app.creditLineId ?? ''
    other = world.state().creditLines.find(({ id }) => id !== ours)?.id ?? ''
  })
  afterEach(() => world.close())

  const share = (wabaId: string, more: object = {}) =>
    world.mutate(
      'ShareCreditLineInput',
      'shareCreditLine',
      { wabaId, currency: 'USD', addSystemUser: true, ...more },
      '... on ShareCreditLinePayload { verified }',
    )
  const credit = async (wabaId: string) => {
    const { clientWaba } = (await world.ask(
      'query ($id: ID!) { clientWaba(id: $id) { creditActions { available } } }',
      { id: wabaId },
    )) as { clientWaba: { creditActions: object[] } }
    return clientWaba.creditActions[0]
  }

  it('is paid by a line of ours that was configured before', async () => {
    const { waba_id: wabaId } = await world.arrive()
    await world.told(wabaId)
    expect(await share(wabaId)).toMatchObject({ verified: true })
    await world.restart({ creditLineId: other })
    expect(await world.step(wabaId, 'CREDIT_SHARED')).toMatchObject({ state: 'DONE' })
    expect(await credit(wabaId)).toEqual({ available: false })
  })

  it('is refused before a second line is shared with its business', async () => {
    const { waba_id: wabaId } = await world.arrive()
    await world.told(wabaId)
    const user = world.state().apps.find(({ appId }) => appId === world.app.appId)?.systemUserId
    await world.atGraph('POST', `${wabaId}/assigned_users?user=${user}&tasks=["MANAGE_BILLING"]`)
    await world.atGraph(
      'POST',
      `${ours}/whatsapp_credit_sharing_and_attach?waba_currency=USD&waba_id=${wabaId}`,
    )
    await world.restart({ creditLineId: other })
    expect(await credit(wabaId)).toEqual({ available: false })
    expect(await share(wabaId, { method: 'SHARE_THEN_ATTACH' })).toMatchObject({ code: 'CONFLICT' })
    expect(world.state().allocations).toHaveLength(1)
    expect(await world.step(wabaId, 'CREDIT_SHARED')).toMatchObject({ state: 'DONE' })
  })
})
