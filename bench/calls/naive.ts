import { createSchema, createYoga } from 'graphql-yoga'
import { fromGlobalId } from '../../src/graphql/ids.ts'
import type { World } from './world.ts'

/*
 * What one writes on a first day: a resolver per field, each with a fetch of its own. The plain fields of a node come
 * with the call that finds it, everything that is another object is fetched when it is asked for.
 */
const typeDefs = /* GraphQL */ `
  type Query {
    app: App
    solution(id: ID!): Solution
    nodes(ids: [ID!]!): [Node]!
  }
  union Node = Solution | ClientWaba
  type App {
    appId: String!
    name: String
    solutions(first: Int): Solutions
    clientWabas(first: Int): ClientWabas
  }
  type Solutions {
    edges: [SolutionEdge!]!
  }
  type SolutionEdge {
    node: Solution!
  }
  type Solution {
    solutionId: String!
    name: String
    status: String
    graphStatus: String
    graphPendingRequest: String
    ownerPermissions: [String!]
    ownerApp: App
    partners(first: Int): Partners
  }
  type Partners {
    edges: [PartnerEdge!]!
  }
  type PartnerEdge {
    node: Partner!
  }
  type Partner {
    partnerId: String!
    status: String
  }
  type ClientWabas {
    edges: [ClientWabaEdge!]!
  }
  type ClientWabaEdge {
    node: ClientWaba!
  }
  type ClientWaba {
    wabaId: String!
    name: String
    solutions(first: Int): Solutions
    phoneNumbers(first: Int): PhoneNumbers
  }
  type PhoneNumbers {
    edges: [PhoneNumberEdge!]!
  }
  type PhoneNumberEdge {
    node: PhoneNumber!
  }
  type PhoneNumber {
    phoneNumberId: String!
    displayPhoneNumber: String
  }
`

interface Item {
  readonly id: string
  readonly [field: string]: unknown
}
interface List {
  readonly data: readonly Item[]
}

const solutionFields = 'id,name,status,status_for_pending_request,owner_permissions'

/** Answers a query; only what goes to the simulator goes over a wire. */
export function createNaive({ url, app }: World): (query: string) => Promise<unknown> {
  const get = async <T>(path: string, parameters: Record<string, string>): Promise<T> => {
    const headers = { authorization: `Bearer ${app.systemToken}` }
    const answer = await fetch(`${url}/v27.0/${path}?${new URLSearchParams(parameters)}`, { headers })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as T
  }
  const list = async (path: string, first: number, fields: string) => {
    const { data } = await get<List>(path, { limit: String(first), fields })
    return { edges: data.map((node) => ({ node })) }
  }
  const solution = (id: string) => get<Item>(id, { fields: solutionFields })
  const waba = (id: string) => get<Item>(id, { fields: 'id,name' })

  const resolvers = {
    Query: {
      app: () => ({ id: app.appId }),
      solution: (_: unknown, { id }: { id: string }) => solution(id),
      nodes: (_: unknown, { ids }: { ids: readonly string[] }) =>
        ids.map(async (given) => {
          const known = fromGlobalId(given)
          return known?.type === 'Solution'
            ? { type: 'Solution', ...(await solution(known.key)) }
            : { type: 'ClientWaba', ...(await waba(known?.key ?? '')) }
        }),
    },
    Node: { __resolveType: ({ type }: { type: string }) => type },
    App: {
      appId: ({ id }: Item) => id,
      solutions: ({ id }: Item, { first }: { first: number }) =>
        list(`${id}/whatsapp_business_solutions`, first, solutionFields),
      clientWabas: (_: Item, { first }: { first: number }) =>
        list(`${app.businessId}/client_whatsapp_business_accounts`, first, 'id,name'),
    },
    Solution: {
      solutionId: ({ id }: Item) => id,
      graphStatus: ({ status }: Item) => status,
      graphPendingRequest: (solution: Item) => solution['status_for_pending_request'],
      ownerPermissions: (solution: Item) => solution['owner_permissions'],
      ownerApp: async ({ id }: Item) => (await get<Item>(id, { fields: 'owner_app' }))['owner_app'],
      partners: ({ id }: Item, { first }: { first: number }) => list(`${id}/partners`, first, 'id,status'),
    },
    Partner: { partnerId: ({ id }: Item) => id },
    ClientWaba: {
      wabaId: ({ id }: Item) => id,
      solutions: ({ id }: Item, { first }: { first: number }) =>
        list(`${id}/solutions`, first, solutionFields),
      phoneNumbers: ({ id }: Item, { first }: { first: number }) =>
        list(`${id}/phone_numbers`, first, 'id,display_phone_number'),
    },
    PhoneNumber: {
      phoneNumberId: ({ id }: Item) => id,
      displayPhoneNumber: (number: Item) => number['display_phone_number'],
    },
  }
  const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false })
  return async (query) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query })
    const answer = await yoga.fetch('http://127.0.0.1/graphql', { method: 'POST', headers, body })
    return await answer.json()
  }
}
