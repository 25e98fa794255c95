import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type Json, type World } from '../../credit/support/world.ts'
import { data, watchByWs, type Watch } from '../../support/clients.ts'
import {
  CreditAllocationDocument,
  CreditLinesDocument,
  RevokeCreditAllocationDocument,
  ShareCreditLineDocument,
  WatchEventsDocument,
  type ShareCreditLineInput,
  type WatchEventsSubscription,
} from '../../support/operations.ts'
import { emptyDatabase } from '../../support/postgres.ts'

interface Customer {
  readonly phone_number_ids: readonly string[]
  readonly waba_id: string
  readonly business_id: string
}

// One story told in order: each step stands on the one before.
describe.each([
  ['SQLite', 'new'],
  ['SQLite', 'old'],
  ['PostgreSQL', 'new'],
] as const)('a Solution Partner shares its credit, on %s, in the %s account model', (store, accountModel) => {
  let world: World
  let events: Watch<WatchEventsSubscription>
  let florist: Customer
  let bakery: Customer
  let lines: readonly string[]
  let floristAllocation: string

  beforeAll(async () => {
    const database = store === 'SQLite' ? null : await emptyDatabase()
    world = await startWorld({ seed: { creditLines: 2, wabas: 0, accountModel }, lookUp: true, database })
    lines = world.sim.state().creditLines.map(({ id }) => id)
    events = await watchByWs(world.url, WatchEventsDocument, { filter: { appId: luckyShrub } })
    await world.simulator.forgetRequests()
  })
  afterAll(async () => {
    events.stop()
    await world.close()
  })

  const told = async (kind: string): Promise<Json> => {
    const { data: item } = await events.inbox.next(
      ({ data: next }) => next?.events !== undefined && 'kind' in next.events && next.events.kind === kind,
    )
    return item?.events as unknown as Json
  }
  const share = async (input: Omit<ShareCreditLineInput, 'currency'>) =>
    (await data(world.url, ShareCreditLineDocument, { input: { currency: 'EUR', ...input } })).shareCreditLine
  const onboard = async (name: string): Promise<Customer> => {
    const [solution] = world.sim.state().solutions
    const customer = await world.simulator.play<Customer>('onboard', {
      solution_id: solution?.id,
      business_name: name,
    })
    await told('CLIENT_WABA_ONBOARDED')
    return customer
  }

  it('two customers come through the solution, and their credit is open', async () => {
    florist = await onboard('A florist')
    bakery = await onboard('A bakery')
    const { apps, clientWaba } = await data(world.url, CreditLinesDocument, { wabaId: florist.waba_id })
    expect(apps.map(({ creditLines }) => creditLines?.map(({ creditLineId }) => creditLineId))).toEqual([
      lines,
      [],
    ])
    expect(clientWaba?.creditActions).toMatchObject([{ appId: luckyShrub, available: true }])
  })

  it('the Tech Provider of the solution is told why it shares none', async () => {
    expect(await share({ wabaId: florist.waba_id, appId: socialOverdrive })).toMatchObject({
      code: 'NOT_PERMITTED',
      message: expect.stringContaining('Solution Partner') as string,
    })
  })

  it('the florist takes the first line in one call, once our system user is on the account', async () => {
    const input = { wabaId: florist.waba_id, creditLineId: lines[0] as string, idempotencyKey: 'florist' }
    expect(await share(input)).toMatchObject({ code: 'NOT_PERMITTED' })
    const shared = await share({ ...input, addSystemUser: true })
    expect(shared).toMatchObject({
      verified: true,
      clientWaba: { wabaId: florist.waba_id, currency: 'EUR' },
      creditAllocation: { status: 'SHARED', receivingBusiness: { businessId: florist.business_id } },
    })
    floristAllocation = 'creditAllocation' in shared ? shared.creditAllocation.allocationId : ''
    expect(await told('CREDIT_SHARED')).toMatchObject({
      source: 'GATEWAY',
      appId: luckyShrub,
      allocationId: floristAllocation,
      creditedWaba: florist.waba_id,
      receivingBusinessId: florist.business_id,
    })
  })

  it('the bakery takes it in two steps, each with its own token', async () => {
    const shared = await share({
      wabaId: bakery.waba_id,
      creditLineId: lines[0] as string,
      method: 'SHARE_THEN_ATTACH',
    })
    expect(shared).toMatchObject({
      verified: true,
      creditAllocation: { receivingBusiness: { businessId: bakery.business_id } },
    })
    expect(await told('CREDIT_SHARED')).toMatchObject({ creditedWaba: bakery.waba_id })
  })

  it('a second line cannot be attached, and everybody who asks is told why', async () => {
    for (const { waba_id: wabaId } of [florist, bakery])
      expect(await share({ wabaId, creditLineId: lines[1] as string })).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(`Credit line ${lines[0]}`) as string,
      })
    const { clientWaba } = await data(world.url, CreditLinesDocument, { wabaId: florist.waba_id })
    expect(clientWaba?.creditActions).toMatchObject([
      { available: false, reason: expect.stringContaining(floristAllocation) as string },
    ])
  })

  it('the florist brings a second account, and revoking would hit both', async () => {
    const second = await world.simulator.play<Customer>('onboard', {
      solution_id: world.sim.state().solutions[0]?.id,
      // In the new model a second one may list the same number, for another currency say.
      ...(accountModel === 'new'
        ? { phone_number_id: florist.phone_number_ids[0] }
        : { business_id: florist.business_id }),
    })
    await told('CLIENT_WABA_ONBOARDED')
    const input = { wabaId: second.waba_id, creditLineId: lines[0] as string, addSystemUser: true }
    expect(await share(input)).toMatchObject({
      verified: true,
      creditAllocation: { allocationId: floristAllocation },
    })
    await told('CREDIT_SHARED')
    const { creditAllocation } = await data(world.url, CreditAllocationDocument, { wabaId: second.waba_id })
    expect(creditAllocation).toMatchObject({ status: 'SHARED', funds: true })
    const hit = creditAllocation?.clientWabas?.edges.map(({ node }) => node.wabaId) ?? []
    expect(hit.sort()).toEqual([florist.waba_id, second.waba_id].sort())
  })

  it('revoking takes the name of the business, and takes the line from both its accounts', async () => {
    const revoke = async (confirmReceivingBusinessId: string) =>
      (
        await data(world.url, RevokeCreditAllocationDocument, {
          input: { allocationId: floristAllocation, confirmReceivingBusinessId },
        })
      ).revokeCreditAllocation
    expect(await revoke(bakery.business_id)).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await revoke(florist.business_id)).toMatchObject({
      creditAllocation: { status: 'REVOKED', graphRequestStatus: 'DELETED' },
    })
    expect(await told('CREDIT_REVOKED')).toMatchObject({
      allocationId: floristAllocation,
      creditedWaba: null,
      receivingBusinessId: florist.business_id,
    })
    const active = world.sim.state().attachments.filter((attachment) => attachment.active)
    expect(active.map(({ wabaId }) => wabaId)).toEqual([bakery.waba_id])
    const { creditAllocation } = await data(world.url, CreditAllocationDocument, { wabaId: florist.waba_id })
    expect(creditAllocation).toMatchObject({
      status: 'REVOKED',
      funds: false,
      actions: [{ action: 'REVOKE', available: false }],
    })
  })

  it('each step was done once', async () => {
    expect(await world.done('whatsapp_credit_sharing_and_attach')).toBe(2)
    expect(await world.done('whatsapp_credit_sharing')).toBe(1)
    expect(await world.done('whatsapp_credit_attach')).toBe(1)
    expect(await world.done('assigned_users')).toBe(2)
    expect(await world.done('DELETE /{allocation}')).toBe(1)
  })
})
