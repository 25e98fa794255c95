import { afterEach, describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { stepsTaken } from '../../src/onboarding/rule/taken-over.ts'
import { startRestartable, type Restartable } from './support/restartable.ts'

const arrival = { seq: 10, appId: '1', wabaId: '2', ownerBusinessId: '3', receivedAt: 0 }
const act = (seq: number, field: string, more: object = {}): StoredEvent =>
  ({
    seq,
    appId: '1',
    wabaId: '2',
    ownerBusinessId: '3',
    kind: 'CLIENT_WABA_UPDATED',
    field,
    payload: JSON.stringify({ actor: 'RULE', outcome: 'DONE' }),
    ...more,
  }) as StoredEvent
const ofBusiness = { wabaId: null, kind: 'CREDIT_REVOKED' }

describe('what a rule leaves alone', () => {
  it.each<[string, StoredEvent[], string[] | null]>([
    ['nothing where nothing was done', [], []],
    ['nothing that was done before it came', [act(9, 'subscribe_app')], []],
    ['a step that was taken since', [act(11, 'subscribe_app')], ['WEBHOOKS_SUBSCRIBED']],
    ['a line that was shared since', [act(11, 'share_credit_line')], ['CREDIT_SHARED']],
    ['no subscription of another app', [act(11, 'subscribe_app', { appId: '9' })], []],
    ['a line that another app has shared', [act(11, 'share_credit_line', { appId: '9' })], ['CREDIT_SHARED']],
    [
      'an account of which a person has undone something through another app',
      [act(11, 'unassign_user', { appId: '9' })],
      null,
    ],
    ['an account of which somebody may have undone something', [act(11, 'unsubscribe_app', unknown())], null],
    ['nothing of which Graph has refused the undoing', [act(11, 'unsubscribe_app', refused())], []],
    ['nothing of another account', [act(11, 'subscribe_app', { wabaId: '4' })], []],
    ['nothing that Graph refused', [act(11, 'subscribe_app', refused())], []],
    ['an account that was unsubscribed', [act(11, 'unsubscribe_app')], null],
    ['an account whose number went', [act(11, 'deregister_phone_number')], null],
    [
      'every account of a business that lost its line',
      [act(11, 'revoke_credit_allocation', ofBusiness)],
      null,
    ],
    [
      'no account of another one',
      [act(11, 'revoke_credit_allocation', { ...ofBusiness, ownerBusinessId: '5' })],
      [],
    ],
    ['no account that came after that', [act(9, 'revoke_credit_allocation', ofBusiness)], []],
  ])('is %s', (_, events, kinds) => {
    const taken = stepsTaken(arrival, events)
    expect(taken && [...taken]).toEqual(kinds)
  })

  function refused() {
    return { payload: JSON.stringify({ actor: 'RULE', outcome: 'REFUSED' }) }
  }

  function unknown() {
    return { payload: JSON.stringify({ actor: 'LOCAL', outcome: 'UNKNOWN' }) }
  }
})

describe('the rule after a restart', () => {
  let world: Restartable

  const start = () => startRestartable({ autoOnboard: { subscribe: true, creditCurrency: 'USD' } })
  afterEach(() => world.close())

  /** Whoever comes now is onboarded after everybody who came before. */
  const arriveLast = async (): Promise<string> => {
    const { waba_id: last } = await world.arrive()
    await world.until(({ attachments }) => attachments.some(({ wabaId }) => wabaId === last))
    return last
  }
  const paid = () => world.state().attachments.flatMap(({ wabaId, active }) => (active ? [wabaId] : []))

  it('shares no line again that a person has revoked, and subscribes nothing that a person has ended', async () => {
    world = await start()
    const { waba_id: wabaId, business_id: businessId } = await world.arrive()
    await world.until(({ attachments }) => attachments.length === 1)
    const allocationId = world.state().allocations[0]?.id
    const confirmed = { allocationId, confirmReceivingBusinessId: businessId }
    expect(
      await world.mutate('RevokeCreditAllocationInput', 'revokeCreditAllocation', confirmed),
    ).toMatchObject({ __typename: 'RevokeCreditAllocationPayload' })
    await world.mutate('WabaSubscriptionInput', 'unsubscribeAppFromWaba', { wabaId })
    await world.restart()
    const last = await arriveLast()
    expect(paid()).toEqual([last])
    const { subscribedApps } = world.state().accounts.find(({ id }) => id === wabaId) ?? {}
    expect(subscribedApps).not.toContain(world.app.appId)
  })

  it('takes no step a second time that was ended past the gateway', async () => {
    world = await start()
    const { waba_id: wabaId } = await world.arrive()
    await world.until(({ attachments }) => attachments.length === 1)
    await world.simulator.play('revoke_credit', { allocation_id: world.state().allocations[0]?.id })
    await world.restart()
    const last = await arriveLast()
    expect(paid()).toEqual([last])
    expect(await world.step(wabaId, 'CREDIT_SHARED')).toMatchObject({
      state: 'FAILED',
      waitsFor: 'US',
      reason: expect.stringContaining('revoked') as string,
    })
  })
})
