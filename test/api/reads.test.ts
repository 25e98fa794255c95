import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'

const luckyShrub = '21202248997039'
const global = (type: string, key: string): string => Buffer.from(`${type}:${key}`).toString('base64url')

describe('a query', () => {
  let gateway: TestGateway
  let simulator: Control

  // One gateway per test: what it remembers of one world is wrong in the next.
  beforeEach(async () => {
    gateway = await startTestGateway()
    simulator = controlOf(gateway.simulator.url)
    await simulator.reset({ solutions: 50, wabas: 10 })
  })
  afterEach(() => gateway.close())

  /** The answer of a query and what it cost at Graph. */
  const run = async (query: string, variables: object = {}) => {
    await simulator.forgetRequests()
    const answer = await graphql(gateway.url, query, variables)
    const { total, byRoute } = await simulator.requests()
    return { ...answer, total, byRoute }
  }
  const solutionIds = (): string[] => gateway.simulator.state().solutions.map(({ id }) => id)

  it('for 50 solutions with fields, owner, partners and actions costs one Graph call', async () => {
    const { data, total } = await run(`{ app(id: "${luckyShrub}") { solutions(first: 50) { edges { node {
      solutionId name status graphStatus acceptsOnboarding ownerPermissions ownerApp { appId name } actions { action available }
      partners(first: 5) { edges { node { status permissions app { name } } } } } } } } }`)
    const { edges } = (data as { app: { solutions: { edges: unknown[] } } }).app.solutions
    expect(edges).toHaveLength(50)
    expect(edges[0]).toMatchObject({ node: { status: 'ACTIVE', ownerApp: { name: 'Social Overdrive' } } })
    expect(total).toBe(1)
  })

  it('for accounts with their solutions and numbers costs one Graph call', async () => {
    const { data, total } = await run(`{ app(id: "${luckyShrub}") { clientWabas(first: 10) { edges { node {
      name solutions(first: 5) { edges { node { status } } } phoneNumbers(first: 5) { edges { node { displayPhoneNumber } } } } } } } }`)
    expect((data as { app: { clientWabas: { edges: unknown[] } } }).app.clientWabas.edges).toHaveLength(10)
    expect(total).toBe(1)
  })

  it('asks Graph for nothing that was not selected, also when it is skipped', async () => {
    const query = `query Q($no: Boolean!) { app(id: "${luckyShrub}") { solutions(first: 1) { edges { node {
      solutionId name @include(if: $no) partners(first: 5) @skip(if: true) { edges { cursor } } } } } } }`
    await run(query, { no: false })
    const { last } = (await simulator.requests()) as unknown as {
      last: { query?: { fields?: string }; params?: { fields?: string } }[]
    }
    expect(JSON.stringify(last)).toContain('"fields":"id"')
  })

  it('for ids that Graph is asked for anyway costs no call at all', async () => {
    expect((await run('{ apps { id appId businessId } }')).total).toBe(0)
  })

  it('with 30 aliases of one field costs one call, and gives each its own', async () => {
    const ids = solutionIds().slice(0, 30)
    const { data, total } = await run(
      `{ ${ids.map((id, index) => `s${index}: solution(id: "${id}") { solutionId name }`).join(' ')} }`,
    )
    expect(
      Object.values(data ?? {}).map((solution) => (solution as { solutionId: string }).solutionId),
    ).toEqual(ids)
    expect(total).toBe(1)
  })

  it('keeps its neighbours when one id of many cannot be read', async () => {
    const ids = [...solutionIds().slice(0, 5), '424242'].map((id) => global('Solution', id))
    const { data, errors } = await run(
      'query N($ids: [ID!]!) { nodes(ids: $ids) { ... on Solution { solutionId name } } }',
      { ids },
    )
    const found = (data as { nodes: unknown[] }).nodes.map((node) => node !== null)
    expect(found).toEqual([true, true, true, true, true, false])
    expect(errors).toBeUndefined()
  })

  it('refuses a malformed id in its place and answers the others', async () => {
    const ids = [global('App', `${luckyShrub}@${luckyShrub}`), 'nonsense']
    const { data, errors } = await run('query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids,
    })
    expect(data).toEqual({ nodes: [{ __typename: 'App', id: ids[0] }, null] })
    expect(errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'INVALID_INPUT' } }])
  })

  it('reads every kind of node back by the id that it gave', async () => {
    const [solutionId = ''] = solutionIds()
    await simulator.onboard(solutionId)
    const [waba] = gateway.simulator.state().accounts.slice(-1)
    const { data } =
      await run(`{ solution(id: "${solutionId}") { id ownerApp { id } partners(first: 1) { edges { node { id } } } }
      clientWaba(id: "${waba?.id}") { id ownerBusiness { id } phoneNumbers(first: 1) { edges { node { id } } } }
      apps { id } events(last: 1) { edges { node { id __typename } } } }`)
    const ids = [...JSON.stringify(data).matchAll(/"id":"([^"]+)"/g)].map((match) => match[1] as string)
    const again = await run('query N($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', { ids })
    expect(again.errors).toBeUndefined()
    expect((again.data as { nodes: { id: string }[] }).nodes.map((node) => node?.id)).toEqual(ids)
    const names = (again.data as { nodes: { __typename: string }[] }).nodes.map((node) => node.__typename)
    expect(new Set(names)).toEqual(
      new Set(['Solution', 'App', 'Partner', 'ClientWaba', 'Business', 'PhoneNumber', 'ClientWabaEvent']),
    )
  })

  it("reads the owner's own fields with the customer's token, and only where it is known who the customer is", async () => {
    const [solutionId = ''] = solutionIds()
    const { waba_id, business_id } = await simulator.onboard(solutionId)
    const query = `query W($id: ID!) { clientWaba(id: $id) { wabaId ownerBusiness { businessId name verificationStatus } } }`
    await expect
      .poll(async () => (await run(query, { id: waba_id })).data)
      .toMatchObject({
        clientWaba: {
          ownerBusiness: {
            businessId: business_id,
            name: expect.any(String) as string,
            verificationStatus: expect.any(String) as string,
          },
        },
      })
    const [unseen] = gateway.simulator.state().accounts
    const field = 'owner_business'
    await simulator.faults({ path: '/', kind: 'unknownField', field, nodeType: 'WhatsAppBusinessAccount' })
    const { data, errors } = await run(query, { id: unseen?.id })
    expect(data).toEqual({ clientWaba: { wabaId: unseen?.id, ownerBusiness: null } })
    expect(errors).toMatchObject([
      { path: ['clientWaba', 'ownerBusiness'], extensions: { code: 'TOKEN_INVALID' } },
    ])
  })

  it("asks for the customer's token anew when Graph has refused it", async () => {
    const [solutionId = ''] = solutionIds()
    const { waba_id } = await simulator.onboard(solutionId)
    const query = `query W($id: ID!) { clientWaba(id: $id) { ownerBusiness { name } } }`
    const brief = `query W($id: ID!) { clientWaba(id: $id) { ownerBusiness { verificationStatus } } }`
    await expect.poll(async () => (await run(brief, { id: waba_id })).errors).toBeUndefined()
    await simulator.faults({ method: 'GET', path: '^/2329', kind: 'error', code: 190, times: 1 })
    expect((await run(query, { id: waba_id })).errors).toMatchObject([
      { extensions: { code: 'TOKEN_INVALID' } },
    ])
    const again = await run(query, { id: waba_id })
    expect(again.errors).toBeUndefined()
    expect(again.byRoute).toMatchObject({ 'GET /{solution}/access_token': 1 })
  })

  it('pages through a list without gap or repeat', async () => {
    const seen: string[] = []
    for (let after: string | null = null; ;) {
      const { data } = await run(
        `query P($after: String) { app(id: "${luckyShrub}") { solutions(first: 7, after: $after) {
        edges { node { solutionId } } pageInfo { hasNextPage endCursor } } } }`,
        { after },
      )
      const page = (
        data as {
          app: {
            solutions: {
              edges: { node: { solutionId: string } }[]
              pageInfo: { hasNextPage: boolean; endCursor: string }
            }
          }
        }
      ).app.solutions
      seen.push(...page.edges.map(({ node }) => node.solutionId))
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor
    }
    expect(seen.toSorted()).toEqual(solutionIds().toSorted())
  })

  it('filters accounts by the portfolio of a partner and by creation time', async () => {
    const count = async (args: string): Promise<number> => {
      const { data } = await run(
        `{ app(id: "${luckyShrub}") { clientWabas(first: 50, ${args}) { edges { cursor } } } }`,
      )
      return (data as { app: { clientWabas: { edges: unknown[] } } }).app.clientWabas.edges.length
    }
    expect(await count('partnerBusinessId: "520744086200222", sort: CREATION_TIME_DESCENDING')).toBe(10)
    expect(await count('partnerBusinessId: "1"')).toBe(0)
    expect(await count('createdAfter: "2100-01-01T00:00:00Z"')).toBe(0)
    expect(await count('createdBefore: "2100-01-01T00:00:00Z"')).toBe(10)
  })

  it('answers what it can when Graph fails for one part', async () => {
    await simulator.faults({
      method: 'GET',
      path: 'client_whatsapp_business_accounts',
      kind: 'error',
      code: 10,
      status: 403,
    })
    const { data, errors } = await run(
      `{ app(id: "${luckyShrub}") { solutions(first: 1) { edges { cursor } } clientWabas { edges { cursor } } } }`,
    )
    expect(data).toMatchObject({ app: { solutions: { edges: [{}] }, clientWabas: null } })
    expect(errors).toMatchObject([
      { path: ['app', 'clientWabas'], extensions: { code: 'NOT_PERMITTED', graphCode: 10 } },
    ])
  })

  it('is null for what is not there and for what is not ours, and refuses an id of another type', async () => {
    const { data, errors } = await run(
      `{ solution(id: "1") { name } clientWaba(id: "1") { name } app(id: "1") { name } node(id: "${global('Business', '1')}") { id } }`,
    )
    expect(data).toEqual({ solution: null, clientWaba: null, app: null, node: null })
    expect(errors).toBeUndefined()
    const wrong = await run(`{ clientWaba(id: "${global('Solution', '1')}") { name } }`)
    expect(wrong.errors).toMatchObject([
      { message: 'id: This is the id of a Solution; the id of a ClientWaba is expected.' },
    ])
    expect(wrong.total).toBe(0)
  })

  it('does not take the id of one thing for another', async () => {
    const [solutionId] = solutionIds()
    const { data, errors } = await run(
      `{ clientWaba(id: "${luckyShrub}") { name } solution(id: "${luckyShrub}") { name } other: clientWaba(id: "${solutionId}") { name } }`,
    )
    expect(data).toEqual({ clientWaba: null, solution: null, other: null })
    expect(errors).toBeUndefined()
  })

  it('says that it may not look, where it is not told that nothing is there', async () => {
    await simulator.faults({ method: 'GET', path: String.raw`^/\d+$`, kind: 'error', code: 10, status: 403 })
    const { errors } = await run(`{ solution(id: "${solutionIds()[0]}") { name } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_PERMITTED' } }])
  })

  it('is answered by the app that can, when another cannot be asked', async () => {
    await simulator.faults({ method: 'GET', path: String.raw`^/\d+$`, kind: 'error', code: 190, times: 1 })
    const { data, errors } = await run(`{ solution(id: "${solutionIds()[0]}") { solutionId } }`)
    expect(data).toEqual({ solution: { solutionId: solutionIds()[0] } })
    expect(errors).toBeUndefined()
  })

  it('needs `id` where several apps are configured', async () => {
    expect((await run('{ app { name } }')).errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
  })
})
