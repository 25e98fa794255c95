import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { Client, fetchExchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { introspectionFromSchema, isInterfaceType, isObjectType, isUnionType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/api/schema.ts'
import { luckyShrub, Play, socialOverdrive, type Json } from '../writes/support/play.ts'
import { playEverything } from './support/everything.ts'

const apps = [luckyShrub, socialOverdrive] as const

/** What differs from app to app, of every node of one customer's account. */
const accounts = `query Accounts($app: ID!) { app(id: $app) { id appId clientWabas { edges { node {
  id wabaId
  creditActions { action appId available reason }
  webhookSubscription { subscribed }
  onboarding { complete steps { kind state reason } }
  creditAllocation { id actions { action appId available } }
  ownerBusiness { id name actions { action appId available reason } }
  phoneNumbers { edges { node { id status actions { action available reason } } } }
  solutions { edges { node { id name waitsFor actions { action appId available } } } }
} } } } }`

interface Cached {
  readonly read: (app: string) => Promise<Json>
  /** What a normalised cache shows of that app, without a request. */
  readonly remembered: (app: string) => Promise<Json>
}

/** As its documentation sets it up. */
function apollo(uri: string): Cached {
  const possibleTypes = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter((type) => isInterfaceType(type) || isUnionType(type))
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  )
  const cache = new InMemoryCache({ possibleTypes })
  const client = new ApolloClient({ link: new HttpLink({ uri }), cache })
  const query = gql(accounts)
  const run = async (app: string, fetchPolicy: 'network-only' | 'cache-only'): Promise<Json> => {
    const { data, error } = await client.query({ query, variables: { app }, fetchPolicy })
    if (error) throw error
    return data as Json
  }
  return { read: (app) => run(app, 'network-only'), remembered: (app) => run(app, 'cache-only') }
}

function graphcache(url: string): Cached {
  // What has no id stands in what it came with.
  const embedded = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__') && !type.getFields()['id'],
  )
  const keys = Object.fromEntries(embedded.map(({ name }) => [name, () => null]))
  const cache = cacheExchange({ schema: introspectionFromSchema(schema), keys })
  const client = new Client({ url, exchanges: [cache, fetchExchange], preferGetMethod: false })
  const run = async (app: string, requestPolicy: 'network-only' | 'cache-only'): Promise<Json> => {
    const { data, error } = await client.query(accounts, { app }, { requestPolicy })
    if (error) throw error
    return data as Json
  }
  return { read: (app) => run(app, 'network-only'), remembered: (app) => run(app, 'cache-only') }
}

describe.each([
  ["Apollo Client's", apollo],
  ["urql's", graphcache],
])('%s normalised cache', (_, open) => {
  let play: Play

  beforeAll(async () => {
    play = await Play.begin()
    const { metaIds } = await playEverything(play)
    await play.mutate('subscribeAppToWaba', { wabaId: metaIds[2], appId: luckyShrub })
  })
  afterAll(() => play.close())

  it("keeps each app's own truth of one customer's account after both were read", async () => {
    const { read, remembered } = open(`${play.urls[0]}/graphql`)
    const answers: Json[] = []
    for (const app of apps) answers.push(await read(app))
    expect(new Set(answers.map((answer) => JSON.stringify(answer['app']))).size).toBe(2)
    for (const [index, app] of apps.entries()) expect(await remembered(app)).toEqual(answers[index])
  })

  it('says of whom `creditActions`, `webhookSubscription`, `onboarding` and `actions` are', async () => {
    const { read, remembered } = open(`${play.urls[0]}/graphql`)
    for (const app of apps) await read(app)
    const shown = await Promise.all(apps.map(async (app) => nodeIn(await remembered(app))))
    expect(shown.map(({ creditActions }) => creditActions[0]?.appId)).toEqual(apps)
    expect(shown.map(({ ownerBusiness }) => ownerBusiness.actions[0]?.appId)).toEqual(apps)
    expect(shown.map(({ webhookSubscription }) => webhookSubscription.subscribed)).toEqual([true, false])
    expect(shown.map(({ onboarding }) => stateOf(onboarding, 'WEBHOOKS_SUBSCRIBED'))).toEqual([
      'DONE',
      'TODO',
    ])
    expect(shown.map(({ creditAllocation }) => creditAllocation?.actions[0]?.appId)).toEqual([
      luckyShrub,
      undefined,
    ])
  })
})

interface Shown {
  readonly creditActions: readonly { readonly appId: string }[]
  readonly webhookSubscription: { readonly subscribed: boolean }
  readonly onboarding: { readonly steps: readonly { readonly kind: string; readonly state: string }[] }
  readonly creditAllocation: { readonly actions: readonly { readonly appId: string }[] } | null
  readonly ownerBusiness: { readonly actions: readonly { readonly appId: string }[] }
}

function nodeIn(answer: Json): Shown {
  const { app } = answer as { app: { clientWabas: { edges: { node: Shown }[] } } }
  const [edge] = app.clientWabas.edges.slice(-1)
  if (!edge) throw new Error('There is no account')
  return edge.node
}

const stateOf = ({ steps }: Shown['onboarding'], wanted: string): string | undefined =>
  steps.find(({ kind }) => kind === wanted)?.state
