import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { digestOf, idOf } from '../../src/writes/record.ts'
import { line, luckyShrub, startWorld, type World } from './support/world.ts'

describe('a sharing that is asked for again under its key', () => {
  let world: World
  let wabaId: string

  beforeEach(async () => {
    world = await startWorld()
    ;({ wabaId } = world.wabas[0] as World['wabas'][number])
  })
  afterEach(() => world.close())

  const share = (more: object = {}) =>
    world.share({ wabaId, appId: luckyShrub, idempotencyKey: 'k', ...more })
  const unshare = async () => {
    await world.simulator.play('unshare', { waba_id: wabaId })
    expect(await world.share({ wabaId, appId: luckyShrub })).toMatchObject({ code: 'NOT_FOUND' })
  }

  it.each([
    ['the line that the gateway chose', {}],
    ['a line that was named', { creditLineId: line }],
    ['two steps', { method: 'SHARE_THEN_ATTACH' }],
  ])('gives the first outcome after the customer has unshared the account: %s', async (_, more) => {
    const first = await share(more)
    expect(first).toMatchObject({ creditAllocation: { status: 'SHARED' } })
    await unshare()
    const { creditAllocation } = await share(more)
    expect(creditAllocation).toMatchObject({
      allocationId: (first['creditAllocation'] as { allocationId: string }).allocationId,
    })
    expect(await share({ ...more, currency: 'EUR' })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await world.events()).toHaveLength(1)
  })

  it('stays unknown when the customer has unshared before anybody could look', async () => {
    const store = await openStore(world.databaseUrl)
    const id = idOf({ app: world.app, verb: 'share_credit_line', object: `waba:${wabaId}`, key: 'k' })
    await store.writes.begin(id, digestOf([wabaId, line, 'USD', 'SHARE_AND_ATTACH']))
    const { token = '' } = (await store.writes.get(id)) ?? {}
    await store.writes.settle(id, token, 'unknown', JSON.stringify({ before: { fundingId: null } }))
    await store.close()
    await unshare()
    expect(await share()).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await share({ currency: 'EUR' })).toMatchObject({ code: 'NOT_FOUND' })
  })
})
