import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { line, luckyShrub, startWorld, type World } from './support/world.ts'

describe.each(['list', 'record'])(
  'credit as it is read, where one sharing comes as a %s',
  (allocationReply) => {
    let world: World
    let wabaId: string
    let businessId: string

    beforeEach(async () => {
      world = await startWorld({ lookUp: true, seed: { allocationReply } })
      ;({ wabaId, businessId } = world.wabas[0] as World['wabas'][number])
      await world.simulator.forgetRequests()
    })
    afterEach(() => world.close())

    const lines = async (inner: string) =>
      (await world.ask(`{ app(id: "${luckyShrub}") { creditLines { creditLineId ${inner} } } }`))['app']

    it('has the lines of the app’s business', async () => {
      expect(await lines('legalEntityName')).toEqual({
        creditLines: [{ creditLineId: line, legalEntityName: expect.any(String) as string }],
      })
      expect((await world.simulator.requests()).total).toBe(1)
    })

    it('lists what is shared, of one business and of all, page by page', async () => {
      for (const waba of world.wabas) await world.share({ wabaId: waba.wabaId })
      const rows = world.sim.state().allocations
      const edges = (of: typeof rows) =>
        of.map(({ id, receivingBusinessId }) => ({
          node: {
            allocationId: id,
            status: 'SHARED',
            receivingBusiness: { businessId: receivingBusinessId },
          },
        }))
      const node = 'edges { node { allocationId status receivingBusiness { businessId } } }'
      const own = rows.find(({ receivingBusinessId }) => receivingBusinessId === businessId)
      expect(
        await lines(
          `one: allocations(receivingBusinessId: "${businessId}") { ${node} }
         none: allocations(receivingBusinessId: "1") { ${node} }
         all: allocations { ${node} }
         first: allocations(first: 1) { ${node} pageInfo { hasNextPage } }`,
        ),
      ).toEqual({
        creditLines: [
          {
            creditLineId: line,
            one: { edges: edges(own ? [own] : []) },
            none: { edges: [] },
            all: { edges: edges(rows) },
            first: { edges: edges(rows.slice(0, 1)), pageInfo: { hasNextPage: true } },
          },
        ],
      })
    })

    it('finds what is shared with the owner of an account, where nothing was stored', async () => {
      const credit = async () =>
        (
          await world.ask(
            `query ($id: ID!) { clientWaba(id: $id) { creditAllocation { allocationId status graphRequestStatus funds(wabaId: $id) creditLine { creditLineId } } } }`,
            { id: wabaId },
          )
        )['clientWaba']
      expect(await credit()).toEqual({ creditAllocation: null })
      const query = `receiving_business_id=${businessId}`
      const { allocation_config_id: allocationId } = await world.atGraph(
        'POST',
        `/${line}/whatsapp_credit_sharing?${query}`,
      )
      expect(await credit()).toEqual({
        creditAllocation: {
          allocationId,
          status: 'SHARED',
          graphRequestStatus: 'APPROVED',
          funds: false,
          creditLine: { creditLineId: line },
        },
      })
    })

    it('shows what is shared now rather than what was stored and revoked', async () => {
      await world.share({ wabaId })
      const [first] = world.sim.state().allocations
      await world.revoke({ allocationId: first?.id, confirmReceivingBusinessId: businessId })
      const credit = async () =>
        (
          await world.ask(
            `query ($id: ID!) { clientWaba(id: $id) { creditAllocation { allocationId status } } }`,
            {
              id: wabaId,
            },
          )
        )['clientWaba']
      expect(await credit()).toEqual({ creditAllocation: { allocationId: first?.id, status: 'REVOKED' } })
      await world.share({ wabaId })
      const second = world.sim.state().allocations.at(-1)
      expect(second?.id).not.toBe(first?.id)
      expect(await credit()).toEqual({ creditAllocation: { allocationId: second?.id, status: 'SHARED' } })
    })

    it('has each line and allocation behind its global id', async () => {
      await world.share({ wabaId })
      const { app } = (await world.ask(
        `{ app(id: "${luckyShrub}") { creditLines { id allocations { edges { node { id allocationId } } } } } }`,
      )) as {
        app: {
          creditLines: [
            { id: string; allocations: { edges: [{ node: { id: string; allocationId: string } }] } },
          ]
        }
      }
      const [{ id, allocations }] = app.creditLines
      const { nodes } = await world.ask(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on CreditLine { creditLineId } ... on CreditAllocation { allocationId status } } }`,
        { ids: [id, allocations.edges[0].node.id] },
      )
      expect(nodes).toEqual([
        { id, creditLineId: line },
        { ...allocations.edges[0].node, status: 'SHARED' },
      ])
      const other = Buffer.from(`CreditAllocation:${wabaId}`).toString('base64url')
      expect(await world.ask(`{ node(id: "${other}") { id } }`)).toEqual({ node: null })
    })

    it('tells by both tokens in one go what pays for an account, and null when no token opens it', async () => {
      await world.share({ wabaId })
      const [allocation] = world.sim.state().allocations
      const funds = async () =>
        (
          (await world.ask(
            `query ($id: ID!, $waba: ID!) { creditAllocation(id: $id) { funds(wabaId: $waba) } }`,
            {
              id: allocation?.id,
              waba: wabaId,
            },
          )) as { creditAllocation: { funds: boolean | null } }
        ).creditAllocation.funds
      expect(await funds()).toBe(true)
      await world.simulator.play('revoke_credit', { allocation_id: allocation?.id })
      expect(await funds()).toBe(false)
      await world.simulator.play('unshare', { waba_id: wabaId })
      expect(await funds()).toBeNull()
    })

    it('reads what it takes in one go', async () => {
      await world.share({ wabaId })
      await world.simulator.forgetRequests()
      expect(
        await world.ask('query ($id: ID!) { creditAllocation(wabaId: $id) { funds(wabaId: $id) } }', {
          id: wabaId,
        }),
      ).toEqual({ creditAllocation: { funds: true } })
      const { total, units } = await world.simulator.requests()
      expect([total, units]).toEqual([1, 2])
    })

    it('asks for either an allocation or an account', async () => {
      await expect(world.ask('{ creditAllocation { id } }')).rejects.toThrow('either')
      await expect(world.ask('{ creditAllocation(id: "1", wabaId: "1") { id } }')).rejects.toThrow('either')
    })
  },
)
