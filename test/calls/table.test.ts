import { describe, expect, it } from 'vitest'
import {
  globalId,
  luckyShrub,
  refuse,
  startWorldOfToday,
  tellOnboardings,
  type World,
} from './support/world.ts'

const app = (inner: string): string => `{ app(id: "${luckyShrub}") { ${inner} } }`
const page = (name: string, first: number, node: string): string =>
  `${name}(first: ${first}) { edges { node { ${node} } } }`

interface Row {
  readonly name: string
  readonly query: (world: World) => string
  readonly cold: number
  /** What Graph does not take inside `fields=`. */
  readonly refused: readonly string[]
  readonly whenRefused: number
  /** By how many more HTTP requests the gateway finds that out. */
  readonly discovery: number
  readonly prepare?: (world: World) => Promise<void>
}

const accounts = [
  page('solutions', 5, 'solutionId status'),
  page('phoneNumbers', 5, 'displayPhoneNumber'),
].join(' ')

const rows: readonly Row[] = [
  {
    name: '50 solutions with 6 fields of their own',
    query: () =>
      app(page('solutions', 50, 'solutionId name status graphStatus graphPendingRequest ownerPermissions')),
    cold: 1,
    refused: ['partners'],
    whenRefused: 1,
    discovery: 0,
  },
  {
    name: '50 solutions, each with its owner and its partners',
    query: () =>
      app(
        page('solutions', 50, `solutionId ownerApp { name } ${page('partners', 5, 'status app { name }')}`),
      ),
    cold: 1,
    refused: ['partners'],
    whenRefused: 2,
    discovery: 1,
  },
  {
    name: '100 accounts, each with its solutions and its numbers',
    query: () => app(page('clientWabas', 100, `wabaId name ${accounts}`)),
    cold: 1,
    refused: ['solutions', 'phone_numbers'],
    whenRefused: 5,
    discovery: 2,
  },
  {
    name: 'the same and the owners, once their tokens are here',
    query: () => app(page('clientWabas', 100, `wabaId name ownerBusiness { name } ${accounts}`)),
    cold: 3,
    refused: ['solutions', 'phone_numbers'],
    whenRefused: 7,
    discovery: 2,
    prepare: async (world) => {
      await tellOnboardings(world)
      await world.run(app(page('clientWabas', 100, 'ownerBusiness { verificationStatus }')))
      await world.forget()
    },
  },
  {
    name: 'nodes of 50 solutions and 50 accounts',
    query: ({ solutionIds, wabaIds }) => {
      const ids = [
        ...solutionIds.map((id) => globalId('Solution', id)),
        ...wabaIds.slice(0, 50).map((id) => globalId('ClientWaba', id)),
      ]
      return `{ nodes(ids: ${JSON.stringify(ids)}) { ... on ClientWaba { name } ... on Solution { name status } } }`
    },
    cold: 2,
    refused: ['partners'],
    whenRefused: 2,
    discovery: 0,
  },
  {
    name: '30 aliases of `solution`',
    query: ({ solutionIds }) =>
      `{ ${solutionIds
        .slice(0, 30)
        .map((id, index) => `s${index}: solution(id: "${id}") { name status }`)
        .join(' ')} }`,
    cold: 1,
    refused: ['partners'],
    whenRefused: 1,
    discovery: 0,
  },
]

/** The answer when Graph refuses nothing. */
async function unhindered(row: Row): Promise<unknown> {
  await using world = await startWorldOfToday()
  await row.prepare?.(world)
  const { data, errors } = await world.run(row.query(world))
  expect(errors).toBeUndefined()
  return data
}

describe.each(rows)('$name', (row) => {
  it(`costs ${row.cold} HTTP requests cold, and none while it is warm`, async () => {
    await using world = await startWorldOfToday()
    await row.prepare?.(world)
    const query = row.query(world)
    const cold = await world.run(query)
    expect(cold.errors).toBeUndefined()
    expect(cold.total).toBeLessThanOrEqual(row.cold)
    expect(cold.extensions.graph).toMatchObject({ requests: cold.total, units: cold.units })
    const warm = await world.run(query)
    expect(warm.data).toEqual(cold.data)
    expect(warm.total).toBe(0)
    expect(warm.extensions.graph).toMatchObject({ requests: 0, units: 0 })
    expect(warm.extensions.graph.cached).toBeGreaterThan(0)
    expect(world.ended).toEqual([])
  })

  it(`costs ${row.whenRefused} when Graph refuses ${row.refused.join(' and ')}, and ${row.discovery} more to find that out`, async () => {
    const expected = await unhindered(row)
    await using world = await startWorldOfToday()
    await row.prepare?.(world)
    await refuse(world.simulator, ...row.refused)
    const query = row.query(world)
    const discovering = await world.run(query)
    expect(discovering.errors).toBeUndefined()
    expect(discovering.data).toEqual(expected)
    expect(discovering.total).toBeLessThanOrEqual(row.whenRefused + row.discovery)
    expect((await world.run(query)).total).toBe(0)
    await world.forget()
    const remembered = await world.run(query)
    expect(remembered.data).toEqual(expected)
    expect(remembered.total).toBeLessThanOrEqual(row.whenRefused)
    expect(remembered.total).toBeGreaterThan(0)
    expect(world.ended).toEqual([])
  })
})

describe('nested lists that Graph refuses', () => {
  const styles = [
    ['with code 100 and no name', { code: 100, message: '(#100) Invalid parameter' }],
    ['with code 100 and HTTP 500', { code: 100, message: '(#100) No.', status: 500 }],
    [
      'as deprecated, by name',
      { code: 12, message: '(#12) FIELD is deprecated for versions v27.0 and higher' },
    ],
    ['for want of a permission', { code: 200, message: '(#200) Requires a permission', status: 403 }],
    ['for want of a capability', { code: 3, message: '(#3) Application does not have the capability' }],
  ] as const
  const nested = rows.filter(({ whenRefused, cold }) => whenRefused > cold)

  it.each(styles.flatMap(([style, words]) => nested.map((row) => ({ style, words, row }))))(
    '$style cost no more the second time than is known: $row.name',
    async ({ words, row }) => {
      const expected = await unhindered(row)
      await using world = await startWorldOfToday()
      await row.prepare?.(world)
      await world.simulator.faults(
        ...row.refused.map((field) => ({
          kind: 'unknownField',
          path: '/',
          field,
          ...words,
          message: words.message.replace('FIELD', field),
        })),
      )
      const query = row.query(world)
      const discovering = await world.run(query)
      expect(discovering.errors).toBeUndefined()
      expect(discovering.data).toEqual(expected)
      expect(discovering.total).toBeLessThanOrEqual(row.whenRefused + row.discovery)
      await world.forget()
      const remembered = await world.run(query)
      expect(remembered.data).toEqual(expected)
      expect(remembered.total).toBeLessThanOrEqual(row.whenRefused)
    },
  )
})

describe("the customers' tokens", () => {
  it('of 100 accounts cost two HTTP requests once', async () => {
    await using world = await startWorldOfToday()
    await tellOnboardings(world)
    const query = app(page('clientWabas', 100, 'ownerBusiness { name verificationStatus }'))
    const { errors, total } = await world.run(query)
    expect(errors).toBeUndefined()
    expect(total).toBe(1 + 2 + 2)
    await world.forget()
    expect((await world.run(query)).total).toBe(3)
  })

  it('are never replaced by a stronger one', async () => {
    await using world = await startWorldOfToday({ wabas: 2 })
    const path = 'system_user_access_tokens'
    await world.simulator.faults({ path, kind: 'error', code: 200, status: 403 })
    const query = app(page('clientWabas', 2, 'name ownerBusiness { name }'))
    const { data, errors, total } = await world.run(query)
    expect(JSON.stringify(data)).toContain('"ownerBusiness":{"name":null}')
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['TOKEN_INVALID', 'TOKEN_INVALID'])
    // The list, who owns the two accounts, and the tokens that are not to be had.
    expect(total).toBe(3)
  })
})
