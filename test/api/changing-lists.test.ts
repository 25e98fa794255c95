import fc from 'fast-check'
import { execute, GraphQLError, isObjectType, parse, type ExecutionResult } from 'graphql'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/api/schema.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { fromGlobalId, toGlobalId } from '../../src/graphql/ids.ts'
import { ListChanged } from '../../src/reads/list-position.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { ChangingList, lives } from '../reads/support/changing-list.ts'
import { appWith } from '../reads/support/graph.ts'
import { listedGraph } from './support/listed-graph.ts'

const app = appWith('1')
const line = toGlobalId('CreditLine', '77')

/** Every list of Graph's that the schema gives page by page: the edge that it is at Graph, and how to ask for a page. */
const lists: Readonly<Record<string, { edge: string; query: (list: string) => string }>> = {
  'App.solutions': {
    edge: 'whatsapp_business_solutions',
    query: (list) => `app(id: "1") { solutions${list} }`,
  },
  'App.clientWabas': {
    edge: 'client_whatsapp_business_accounts',
    query: (list) => `app(id: "1") { clientWabas${list} }`,
  },
  'App.ownedWabas': {
    edge: 'owned_whatsapp_business_accounts',
    query: (list) => `app(id: "1") { ownedWabas${list} }`,
  },
  'Solution.partners': { edge: 'partners', query: (list) => `solution(id: "5") { partners${list} }` },
  'ClientWaba.solutions': { edge: 'solutions', query: (list) => `clientWaba(id: "5") { solutions${list} }` },
  'ClientWaba.phoneNumbers': {
    edge: 'phone_numbers',
    query: (list) => `clientWaba(id: "5") { phoneNumbers${list} }`,
  },
  'CreditLine.allocations': {
    edge: 'owning_credit_allocation_configs',
    query: (list) => `node(id: "${line}") { ... on CreditLine { allocations${list} } }`,
  },
  'CreditAllocation.clientWabas': {
    edge: 'client_whatsapp_business_accounts',
    query: (list) => `creditAllocation(id: "8") { clientWabas${list} }`,
  },
}

interface Page {
  readonly ids: readonly string[]
  readonly hasNextPage: boolean
  readonly endCursor: string | null
}

/** A gateway over this Graph that remembers from one operation to the next. */
function gatewayOver(graph: Graph, query: (list: string) => string) {
  const memory = new ReadMemory()
  const document = parse(
    `query ($first: Int, $after: String) { ${query(
      '(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }',
    )} }`,
  )
  return {
    memory,
    async page(first: number, after: string | null): Promise<Page> {
      const reads = new Reads(graph, memory, { signal: new AbortController().signal })
      const actor = { kind: 'OPERATOR', apps: [app] }
      const logger = pino({ level: 'silent' })
      const stores = { log: { onboarding: async () => null }, sharings: { find: async () => [] } }
      const contextValue = { actor, apps: [app], reads, graph, logger, eventReads: null, ...stores }
      const variableValues = { first, after }
      const result = (await execute({ schema, document, contextValue, variableValues })) as ExecutionResult
      const [error] = result.errors ?? []
      if (error) throw error.originalError ?? error
      return pageIn(result.data)
    },
  }
}

function pageIn(data: unknown): Page {
  const found = JSON.stringify(data).match(/\{"edges".*?"pageInfo":\{.*?\}\}/)?.[0] ?? ''
  const { edges, pageInfo } = JSON.parse(found) as {
    edges: { node: { id: string } }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
  // Of a partner the solution stands before it.
  const ids = edges.map(({ node }) => fromGlobalId(node.id)?.key.split(':').at(-1) ?? '')
  return { ids, ...pageInfo }
}

const change = fc.record({
  what: fc.constantFrom('insert', 'remove', 'forget'),
  at: fc.nat(200),
  count: fc.integer({ min: 1, max: 6 }),
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never
const step = fc.record({
  first: fc.integer({ min: 1, max: 20 }),
  changes: fc.array(change, { maxLength: 3 }),
})

describe('the lists of Graph that the schema gives page by page', () => {
  it('are these', () => {
    const paged = Object.values(schema.getTypeMap()).flatMap((type) =>
      !isObjectType(type)
        ? []
        : Object.values(type.getFields())
            .filter(({ args }) => args.some(({ name }) => name === 'after'))
            .filter(({ args }) => !args.some(({ name }) => name === 'before'))
            .map(({ name }) => `${type.name}.${name}`),
    )
    // Streams of the event log have positions of its own, and dead letters are in the store of the gateway.
    const ofGraph = (name: string): boolean => !/^Subscription\.|^Query\.deadLetters$/.test(name)
    expect(paged.filter(ofGraph).toSorted()).toEqual(Object.keys(lists).toSorted())
  })

  it.each(Object.entries(lists))(
    '%s: each row that stays is shown once, or it is said that the list has changed, whatever memory still has of it',
    async (_, { edge, query }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...lives),
          fc.nat(90),
          fc.array(step, { minLength: 1, maxLength: 8 }),
          async (life, length, steps) => {
            const list = new ChangingList(length, life)
            const { memory, page } = gatewayOver(listedGraph(edge, list), query)
            const happen = ({ what, at, count }: Change): void => {
              if (what === 'forget') memory.cache.evict(['1', '2', '5', '77', edge])
              else for (let each = 0; each < count; each++) list[what](at)
            }
            // What is in memory is what was true before.
            await page(5, null)
            const { shown, told } = await walk(page, (turn) => {
              steps[turn]?.changes.forEach(happen)
              return steps[turn]?.first ?? 9
            })
            if (told) expect(list.staying.filter((id) => !shown.includes(id))).toEqual([])
            else expect(shown.filter((id) => list.staying.includes(id))).toEqual(list.staying)
          },
        ),
        { numRuns: 60 },
      )
    },
  )

  it('are read anew, and not from memory, when they have to be begun again, also twice for one page', async () => {
    const list = new ChangingList(400, 'until any change')
    const { edge, query } = lists['App.solutions'] ?? { edge: '', query: String }
    let changes = 0
    const fetch: typeof list.fetch = async (limit, after) => {
      const page = await list.fetch(limit, after)
      if (changes-- > 0) list.insert(0)
      return page
    }
    const { page } = gatewayOver(listedGraph(edge, { fetch }), query)
    const shown: string[] = []
    let after: string | null = null
    for (const during of [0, 0, 0, 1, 0]) {
      list.insert(0)
      changes = during
      const { ids, endCursor }: Page = await page(70, after)
      shown.push(...ids)
      after = endCursor
    }
    expect(shown.slice(1)).toEqual(list.staying.slice(0, 349))
  })

  it('take no cursor of each other, nor of the same list with another filter', async () => {
    const cursors = new Map<string, string | null>()
    const over = (query: string): ReturnType<typeof gatewayOver> =>
      gatewayOver(listedGraph(lists[query]?.edge ?? '', new ChangingList(30, 'for ever')), (list) =>
        (lists[query]?.query ?? String)(list),
      )
    for (const name of Object.keys(lists)) cursors.set(name, (await over(name).page(3, null)).endCursor)
    for (const name of Object.keys(lists))
      for (const [from, cursor] of cursors)
        if (from !== name)
          await expect(over(name).page(3, cursor)).rejects.toThrow('not a cursor of this list')
    const list = new ChangingList(30, 'for ever')
    const owned = gatewayOver(
      listedGraph('whatsapp_business_solutions', list),
      (args) => `app(id: "1") { solutions${args.replace('(', '(role: OWNER, ')} }`,
    )
    await expect(owned.page(3, cursors.get('App.solutions') ?? null)).rejects.toThrow('not a cursor')
  })
})

async function walk(
  page: (first: number, after: string | null) => Promise<Page>,
  before: (turn: number) => number,
) {
  const shown: string[] = []
  let after: string | null = null
  let told = false
  for (let turn = 0; turn < 200; turn++) {
    const first = before(turn)
    try {
      const { ids, hasNextPage, endCursor }: Page = await page(first, after)
      shown.push(...ids)
      if (!hasNextPage) return { shown, told }
      after = endCursor
    } catch (error) {
      const cause = error instanceof GraphQLError ? error.originalError : error
      if (!(cause instanceof ListChanged)) throw error
      told = true
      after = cause.resumeFrom
    }
  }
  throw new Error('The list has no end')
}
