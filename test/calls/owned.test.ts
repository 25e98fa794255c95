import { describe, expect, it } from 'vitest'
import { mutate } from '../support/mutate.ts'
import { luckyShrub, startWorld } from './support/world.ts'

const app = (inner: string): string => `{ app(id: "${luckyShrub}") { ${inner} } }`
type Names = { edges: { node: { name: string } }[]; pageInfo: { endCursor: string } }
const namesIn = ({ edges }: Names): string[] => edges.map(({ node }) => node.name)

describe("a portfolio's own accounts", () => {
  it('stand beside those of customers, each list with its own rows, in one request', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 2, ownedWabas: 3 })
    const rows = 'edges { node { name ownershipType health { canSendMessage } } }'
    const { data, errors, total } = await world.run(app(`clientWabas { ${rows} } ownedWabas { ${rows} }`))
    expect([errors, total]).toEqual([undefined, 1])
    const { clientWabas, ownedWabas } = (data as { app: { clientWabas: Names; ownedWabas: Names } }).app
    expect(namesIn(clientWabas)).toHaveLength(2)
    expect(namesIn(ownedWabas)).toEqual(['Lucky Shrub 1', 'Lucky Shrub 2', 'Lucky Shrub 3'])
    expect(JSON.stringify(ownedWabas)).toContain('"ownershipType":"SELF"')
  })

  it('are filtered, ordered and paged like those', async () => {
    await using world = await startWorld({ solutions: 1, ownedWabas: 5 })
    const owned = (args: string) =>
      app(`ownedWabas(${args}) { edges { node { name } } pageInfo { endCursor } }`)
    const run = async (args: string): Promise<Names> =>
      ((await world.run(owned(args))).data as { app: { ownedWabas: Names } }).app.ownedWabas
    const newest = await run('sort: CREATION_TIME_DESCENDING, first: 2')
    expect(namesIn(newest)).toEqual(['Lucky Shrub 5', 'Lucky Shrub 4'])
    const next = await run(`sort: CREATION_TIME_DESCENDING, first: 2, after: "${newest.pageInfo.endCursor}"`)
    expect(namesIn(next)).toEqual(['Lucky Shrub 3', 'Lucky Shrub 2'])
    expect(namesIn(await run('createdAfter: "2025-01-01T00:02:30Z"'))).toEqual([
      'Lucky Shrub 4',
      'Lucky Shrub 5',
    ])
  })

  it('have the portfolio as owner, need no credit of ours, and are subscribed with the system token', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 0, ownedWabas: 1 })
    const rows = 'edges { node { wabaId ownerBusiness { name } onboarding { steps { kind state } } } }'
    const { data, errors } = await world.run(app(`ownedWabas { ${rows} }`))
    expect(errors).toBeUndefined()
    const shown = JSON.stringify(data)
    expect(shown).toContain('"ownerBusiness":{"name":"Lucky Shrub"}')
    expect(shown).toContain('{"kind":"CREDIT_SHARED","state":"NOT_NEEDED"}')
    const wabaId = /"wabaId":"(\d+)"/.exec(shown)?.[1]
    const done = await mutate(
      world.gateway.url,
      ['subscribeAppToWaba', 'WabaSubscriptionInput'],
      { wabaId },
      '__typename',
    )
    expect(done).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
    const credit = await mutate(
      world.gateway.url,
      ['shareCreditLine', 'ShareCreditLineInput'],
      { wabaId, currency: 'USD' },
      '__typename',
    )
    expect(credit).toMatchObject({ __typename: 'GatewayProblem', code: 'WRONG_STATE' })
  })

  it("of a partner's app are none of ours to see", async () => {
    await using world = await startWorld({ solutions: 1, partnersPerSolution: 2, ownedWabas: 1 })
    const { data } = await world.run(
      app(
        'solutions(first: 1) { edges { node { partners { edges { node { app { name ownedWabas { edges { cursor } } } } } } } } }',
      ),
    )
    expect(JSON.stringify(data)).toContain('"name":"Social Brew","ownedWabas":null')
  })
})
