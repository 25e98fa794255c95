import fc from 'fast-check'
import { execute, parse, type ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/api/schema.ts'
import { createGraphClient } from '../../src/graph/client.ts'
import { createGraph, type Graph } from '../../src/graph/graph.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { luckyShrub, refuse, startWorld, type World } from './support/world.ts'

/** A selection: names with their arguments, and what is selected below them. */
interface Selection {
  readonly [field: string]: Selection | null
}

const leaf = (...names: string[]) => names.map((name) => [name, fc.constant(null)] as const)
const choose = (entries: (readonly [string, fc.Arbitrary<Selection | null>])[]) =>
  fc
    .record(Object.fromEntries(entries), { requiredKeys: [] })
    .filter((chosen) => Object.keys(chosen).length > 0) as fc.Arbitrary<Selection>
const edges = (node: fc.Arbitrary<Selection>) => node.map((inner) => ({ edges: { node: inner } }))

const app = choose(leaf('appId', 'name', 'link'))
const partner = choose([...leaf('partnerId', 'status', 'permissions'), ['app', app]])
const solution = choose([
  ...leaf('solutionId', 'name', 'status', 'graphPendingRequest', 'ownerPermissions', 'acceptsOnboarding'),
  ['ownerApp', app],
  ['partners(first: 2)', edges(partner)],
])
const phone = choose(leaf('phoneNumberId', 'displayPhoneNumber', 'status'))
const account = choose([
  ...leaf('wabaId', 'name', 'currency', 'accountReviewStatus', 'timezoneId'),
  ['solutions(first: 2)', edges(solution)],
  ['phoneNumbers(first: 1)', edges(phone)],
])

const print = (selection: Selection): string =>
  Object.entries(selection)
    .map(([field, below]) => (below === null ? field : `${field} { ${print(below)} }`))
    .join(' ')

/** One selection for each leaf. */
const leaves = (selection: Selection): Selection[] =>
  Object.entries(selection).flatMap(([field, below]): Selection[] =>
    below === null ? [{ [field]: null }] : leaves(below).map((inner) => ({ [field]: inner })),
  )

function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return one.map((item, index) => merge(item, other[index]))
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return other
  const merged: Record<string, unknown> = { ...one }
  for (const [key, value] of Object.entries(other))
    merged[key] = key in merged ? merge(merged[key], value) : value
  return merged
}

/** Fields of Graph, and of ours that need them. */
const plain = {
  owner_permissions: 'ownerPermissions',
  partner_permissions: 'permissions',
  link: 'link',
  currency: 'currency',
  account_review_status: 'accountReviewStatus',
}

/** The same with null for these fields, and how many there were. */
function withNulls(data: unknown, gone: ReadonlySet<string>): [unknown, number] {
  let nulls = 0
  const text = JSON.stringify(data, (key, value: unknown) => {
    if (!gone.has(key)) return value
    nulls += 1
    return null
  })
  return [JSON.parse(text), nulls]
}

describe('a query', () => {
  let world: World
  let close: () => Promise<void>
  let graph: Graph

  beforeAll(async () => {
    world = await startWorld({ solutions: 4, wabas: 3, partnersPerSolution: 3 })
    const client = createGraphClient({
      baseUrl: world.gateway.simulator.url,
      version: 'v26.0',
      apps: world.gateway.config.apps,
    } as never)
    graph = createGraph(client)
    close = () => client.close()
  })
  afterAll(async () => {
    await close()
    await world.gateway.close()
  })

  /** One query by a gateway that remembers nothing but what Graph refuses. */
  const run = async (selection: Selection, memory = new ReadMemory()) => {
    memory.cache.evictAll()
    const cost = { requests: 0, units: 0 }
    const { apps } = world.gateway.config
    const reads = new Reads(graph, memory, { signal: new AbortController().signal, tally: cost })
    const contextValue = { actor: { apps }, apps, reads, graph, eventReads: null }
    const result = (await execute({
      schema,
      document: parse(`{ ${print(selection)} }`),
      contextValue,
    })) as ExecutionResult
    return { data: result.data, errors: result.errors ?? [], requests: cost.requests }
  }

  const root = fc
    .record(
      {
        [`app(id: "${luckyShrub}")`]: choose([
          ...leaf('appId', 'name'),
          ['solutions(first: 3)', edges(solution)],
          ['clientWabas(first: 3)', edges(account)],
        ]),
      },
      { requiredKeys: [`app(id: "${luckyShrub}")`] },
    )
    .map((selection) => selection as Selection)

  it('is answered as by one call per field, and never costs more, whatever Graph refuses', async () => {
    await fc.assert(
      fc.asyncProperty(
        root,
        fc.subarray(['partners', 'solutions', 'phone_numbers']),
        async (selection, refused) => {
          await refuse(world.simulator)
          const naive = await Promise.all(leaves(selection).map((one) => run(one)))
          expect(naive.flatMap(({ errors }) => errors)).toEqual([])
          const expected = naive.map(({ data }) => data as unknown).reduce(merge)
          const most = naive.reduce((sum, { requests }) => sum + requests, 0)
          const whole = await run(selection)
          expect(whole.data).toEqual(expected)
          expect(whole.requests).toBeLessThanOrEqual(most)
          await refuse(world.simulator, ...refused)
          const memory = new ReadMemory()
          expect((await run(selection, memory)).data).toEqual(expected)
          expect((await run(selection, memory)).data).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('has null in the place of each field that Graph refuses, with one error each, and is otherwise the same', async () => {
    await fc.assert(
      fc.asyncProperty(root, fc.subarray(Object.keys(plain)), async (selection, refused) => {
        await refuse(world.simulator)
        const { data } = await run(selection)
        const gone = new Set(refused.map((field) => plain[field as keyof typeof plain]))
        const [expected, nulls] = withNulls(data, gone)
        await refuse(world.simulator, ...refused)
        const memory = new ReadMemory()
        for (let time = 0; time < 2; time++) {
          const answer = await run(selection, memory)
          expect(answer.data).toEqual(expected)
          expect(answer.errors).toHaveLength(nulls)
        }
      }),
      { numRuns: 60 },
    )
  })
})
