import { getNamedType, isInterfaceType, isObjectType, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mutationPrice, pricedPerApp, prices } from '../../src/api/prices.ts'
import { schema } from '../../src/api/schema.ts'
import { checkCost, defaultLimits } from '../../src/http/graphql/limits/limits.ts'
import { costOf } from '../../src/http/graphql/limits/price.ts'
import { startBeside } from '../support/beside.ts'
import { globalId, luckyShrub, refuse, startWorld, type Counted, type World } from './support/world.ts'

const list = { fields: prices, perApp: pricedPerApp, mutation: mutationPrice, defaultPageSize: 25 }
const price = (query: string, variables: Record<string, unknown> = {}, apps = 1): number =>
  costOf(schema, parse(query), variables, { prices: { ...list, apps } }).units

describe('the price of a query', () => {
  it.each([
    ['{ __typename }', 0],
    ['{ events(last: 100) { edges { node { kind } } } }', 0],
    ['{ solution(id: "1") { name status ownerApp { name } } }', 1],
    ['{ a: solution(id: "1") { name } b: solution(id: "2") { name } }', 2],
    ['{ app { solutions(first: 50) { edges { node { name } } } } }', 2],
    ['{ app { solutions { edges { node { partners { edges { cursor } } } } } } }', 27],
    [
      '{ app { clientWabas(first: 100) { edges { node { solutions(first: 5) { edges { cursor } } ownerBusiness { name } } } } } }',
      402,
    ],
    [
      '{ app { clientWabas(first: 10) { edges { node { solutions(first: 20) { edges { node { partners { edges { cursor } } } } } } } } } }',
      212,
    ],
    ['{ nodes(ids: ["a", "b", "c"]) { ... on Solution { partners { edges { cursor } } } } }', 6],
    ['{ events(last: 40) { edges { node { ... on SolutionEvent { solution { name } } } } } }', 40],
    [
      'mutation { acceptSolution(input: { solutionId: "1" }) { ... on SolutionActionPayload { solution { name } } } }',
      5,
    ],
    ['subscription { solutionStatusChanged { solution { name partners { edges { cursor } } } } }', 2],
  ])('%s is %i', (query, units) => {
    expect(price(query)).toBe(units)
  })

  it('counts page sizes and lists of ids that come as variables, and leaves out what is skipped', () => {
    const pages =
      'query ($n: Int = 7) { app { solutions(first: $n) { edges { node { partners { edges { cursor } } } } } } }'
    expect([price(pages), price(pages, { n: 100 })]).toEqual([9, 102])
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    expect(price(nodes, { ids: ['a', 'b'] })).toBe(2)
    const skipped =
      'query ($no: Boolean!) { solution(id: "1") { partners @include(if: $no) { edges { cursor } } } }'
    expect([price(skipped, { no: false }), price(skipped, { no: true })]).toEqual([1, 2])
  })

  it('may come to what is allowed, and to no more', () => {
    const query = parse('{ app { solutions { edges { node { partners { edges { cursor } } } } } } }')
    const limits = { ...defaultLimits, prices: list, apps: 1 }
    expect(checkCost(schema, query, {}, { ...limits, units: 27 })).toBeNull()
    expect(checkCost(schema, query, {}, { ...limits, units: 26 })).toMatchObject({ allowed: 26, found: 27 })
  })

  it('counts what is asked of each app, and the rows that there are for each', () => {
    const apps = '{ apps { name solutions(first: 9) { edges { node { partners { edges { cursor } } } } } } }'
    expect([price(apps), price(apps, {}, 3)]).toEqual([11, 33])
    expect(price('{ solution(id: "1") { partners { edges { cursor } } } }', {}, 3)).toBe(4)
    expect(
      price('{ nodes(ids: ["a", "b"]) { ... on Solution { partners { edges { cursor } } } } }', {}, 3),
    ).toBe(8)
    expect(price('{ app(id: "1") { solutions(first: 1) { edges { cursor } } } }', {}, 3)).toBe(2)
  })

  it('counts rows of lists that have no pages', () => {
    expect(price('{ app(id: "1") { creditLines { creditLineId } } }')).toBe(2)
    expect(price('{ app(id: "1") { creditLines { allocations { edges { cursor } } } } }')).toBe(2 + 10)
    const subscribed = '{ clientWaba(id: "1") { subscribedApps { solutions { edges { cursor } } } } }'
    expect([price(subscribed), price(subscribed, {}, 3)]).toEqual([1 + 1 + 1, 3 + 1 + 3])
  })

  it('counts a fragment wherever it is spread', () => {
    const query = `{ a: solution(id: "1") { ...F } app { solutions(first: 10) { edges { node { ...F } } } } }
      fragment F on Solution { partners { edges { cursor } } }`
    expect(price(query)).toBe(2 + 2 + 10)
  })
})

describe('every field that leads to a thing with an id', () => {
  it('has a price, if only none', () => {
    const node = schema.getType('Node')
    const things = isInterfaceType(node) ? schema.getImplementations(node).objects : []
    const names = new Set(['Node', ...things.map(({ name }) => name)])
    const holders = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && !/(?:Payload|Problem|Edge|Connection)$/.test(type.name),
    )
    const unpriced = holders.flatMap((type) =>
      Object.values(isObjectType(type) ? type.getFields() : {})
        .filter((field) => names.has(getNamedType(field.type).name))
        .map((field) => `${type.name}.${field.name}`)
        .filter((name) => prices[name] === undefined && !/^(?:Mutation|Subscription)\./.test(name)),
    )
    // What a mutation has made comes with its answer.
    expect(unpriced.filter((name) => name !== 'CreatedForTechProvider.solution')).toEqual([])
  })
})

describe('a query that may cost too much', () => {
  let world: World

  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.gateway.close())

  const query = `query ($first: Int) { app(id: "${luckyShrub}") { clientWabas(first: $first) { edges { node {
    solutions(first: 60) { edges { node { partners(first: 1) { edges { cursor } } } } } } } } } }`

  it('is refused with its price and what is allowed, before Graph is asked', async () => {
    const { data, errors, total } = await world.run(query, { first: 100 })
    expect(data).toBeFalsy()
    expect(errors).toMatchObject([
      {
        message: 'The query may cost 6102 Graph units; at most 5000 are allowed. Ask for shorter pages.',
        extensions: { code: 'QUERY_TOO_LARGE', limit: 'units', allowed: 5000, found: 6102 },
      },
    ])
    expect(total).toBe(0)
  })

  it('is judged anew each time it is run, by its variables', async () => {
    expect((await world.run(query, { first: 10 })).errors).toBeUndefined()
    expect((await world.run(query, { first: 100 })).errors).toHaveLength(1)
  })
})

describe('a query that comes to more than its text tells', () => {
  it('ends at what is allowed, with an error at what was not read; the rest of the answer stays', async () => {
    await using world = await startWorld({ solutions: 1_700, wabas: 1 })
    // Each is asked for once more without each of these, the text tells of neither.
    await refuse(world.simulator, 'owner_permissions', 'status')
    const known = `known: solution(id: "${world.solutionIds[0]}") { name }`
    const parts = Array.from({ length: 17 }, (_, part) => `p${part}`)
    const query = `query (${parts.map((part) => `$${part}: [ID!]!`).join()}) { ${known}
      ${parts.map((part) => `${part}: nodes(ids: $${part}) { ... on Solution { ownerPermissions graphStatus } }`).join(' ')} }`
    const ids = world.solutionIds.map((id) => globalId('Solution', id))
    const variables = Object.fromEntries(
      parts.map((part, index) => [part, ids.slice(index * 100, index * 100 + 100)]),
    )
    // As long as it takes: the time is not what is to end it.
    await using patient = await startBeside(world.gateway, { deadlineMs: 600_000 })
    const response = await fetch(`${patient.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors, extensions } = (await response.json()) as Counted
    const { units } = await world.simulator.requests()
    expect(response.status).toBe(200)
    expect(data?.['known']).toMatchObject({ name: expect.any(String) as string })
    expect(errors?.length).toBeGreaterThan(0)
    const extension = { code: 'QUERY_TOO_LARGE', limit: 'units', allowed: 5000 }
    const cutOff = errors?.filter(({ extensions: { code } = {} }) => code === 'QUERY_TOO_LARGE') ?? []
    expect(cutOff.length).toBeGreaterThan(0)
    for (const error of cutOff) expect(error.extensions).toMatchObject(extension)
    expect(units).toBeLessThanOrEqual(5000)
    expect(extensions.graph.units).toBe(units)
  })
})
