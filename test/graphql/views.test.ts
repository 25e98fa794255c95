import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromGlobalId, toGlobalId } from '../../src/graphql/ids.ts'
import { startWorld } from '../calls/support/world.ts'
import { mutate } from '../support/mutate.ts'
import { luckyShrub, Play, socialOverdrive, type Json } from '../writes/support/play.ts'
import { crawl, nodeTypes, sightingsIn, type Sighting } from './support/crawl.ts'
import { playEverything, type Everything } from './support/everything.ts'

const apps = [luckyShrub, socialOverdrive]
const verb = ['subscribeAppToWaba', 'WabaSubscriptionInput'] as const
const payload = '... on WabaSubscriptionPayload { clientWaba { __typename id } }'

/** What a place in a list is called is no field of what stands there, and the usage of an account grows with each read. */
const passing = new Set(['cursor', 'startCursor', 'endCursor', 'apiUsage'])
const withoutPassing = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (passing.has(key) ? undefined : inner)))

describe('an id names whose view it is', () => {
  let play: Play
  let everything: Everything
  let nodes: ReadonlyMap<string, Json>
  let sightings: readonly Sighting[]

  beforeAll(async () => {
    play = await Play.begin()
    everything = await playEverything(play)
    const given = {
      ...everything.given,
      ...Object.fromEntries(
        ['Query', 'Solution', 'ClientWaba'].map((type) => [`${type}.events`, '(last: 4)']),
      ),
    }
    const [, solution, waba, allocation] = everything.metaIds
    const roots = apps.map((id) => `{ app(id: "${id}") { id } }`)
    const bare = [
      `{ solution(id: "${solution}") { __typename id status actions { action appId available reason } } }`,
      `{ clientWaba(id: "${waba}") { __typename id name creditActions { action appId available notice reason } } }`,
      `{ creditAllocation(id: "${allocation}") { __typename id status actions { action appId available notice reason } } }`,
      `{ creditAllocation(wabaId: "${waba}") { __typename id status } }`,
      '{ events(last: 20) { edges { node { __typename id kind source occurredAt appId } } } }',
      '{ deadLetters { edges { node { __typename id appId reason size handled } } } }',
    ]
    ;({ nodes, sightings } = await crawl((query) => play.ask(query), given, [...roots, ...bare]))
  })
  afterAll(() => play.close())

  const typeOf = (id: string): string => fromGlobalId(id)?.type ?? ''

  it('for every type that has one, through both apps where both see it', () => {
    const views = Object.groupBy([...nodes.keys()], typeOf)
    expect(Object.keys(views)).toEqual(expect.arrayContaining(Object.keys(everything.nodes)))
    const seenBy = (type: string): readonly string[] =>
      [
        ...new Set((views[type as keyof typeof views] ?? []).map((id) => fromGlobalId(id)?.appId ?? '')),
      ].sort()
    for (const type of ['App', 'Solution', 'Partner', 'ClientWaba', 'Business', 'PhoneNumber'])
      expect([type, seenBy(type)]).toEqual([type, [...apps].sort()])
    for (const type of ['CreditLine', 'CreditAllocation', 'DeadLetter'])
      expect([type, seenBy(type)]).toEqual([type, [luckyShrub]])
  })

  it('so each is found by its id, and is what it says', () => {
    expect([...nodes].filter(([id, node]) => node?.['id'] !== id)).toEqual([])
  })

  it('so equal ids have equal fields, by whichever way they are reached', () => {
    const differing = sightings.flatMap(({ path, node }) => {
      const own = nodes.get(node.id) ?? {}
      return Object.keys(node)
        .filter((field) => field !== '__typename' && !passing.has(field))
        .filter((field) => differ(own[field], node[field]))
        .map(
          (field) => `${node.__typename}.${field} by ${path}: ${JSON.stringify([own[field], node[field]])}`,
        )
    })
    expect(sightings.length).toBeGreaterThan(60)
    expect(differing).toEqual([])
  })

  const differ = (one: unknown, other: unknown): boolean =>
    JSON.stringify(withoutPassing({ one })) !== JSON.stringify(withoutPassing({ one: other }))

  it('and so has no object an `id` but those that can be had by it', () => {
    const shown = sightings.map(({ node }) => node.__typename)
    expect(shown.filter((type) => !nodeTypes.includes(type))).toEqual([])
  })

  describe('taken as input', () => {
    const [first, second] = apps as [string, string]
    const viewOf = (type: 'ClientWaba' | 'Solution' | 'CreditAllocation', id: string, app?: string): string =>
      toGlobalId(type, id, app ?? null)
    const waba = (): string => everything.metaIds[2] ?? ''
    const subscribe = (input: object): Promise<Json> => mutate(play.urls[0] ?? '', verb, input, payload)
    const clientWaba = (id: string): Promise<Json> =>
      play.ask('query ($id: ID!) { clientWaba(id: $id) { __typename id wabaId creditActions { appId } } }', {
        id,
      })

    it('means that app in a query', async () => {
      for (const app of apps)
        expect(await clientWaba(viewOf('ClientWaba', waba(), app))).toMatchObject({
          clientWaba: { id: viewOf('ClientWaba', waba(), app), creditActions: [{ appId: app }] },
        })
    })

    it('means that app in a mutation that names none, and another app is refused', async () => {
      const wabaId = viewOf('ClientWaba', waba(), second)
      expect(await subscribe({ wabaId: waba() })).toMatchObject({ code: 'INVALID_INPUT' })
      expect(await subscribe({ wabaId })).toMatchObject({ clientWaba: { id: wabaId } })
      expect(await subscribe({ wabaId, appId: second })).toMatchObject({ clientWaba: { id: wabaId } })
      expect(await subscribe({ wabaId, appId: first })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'wabaId'],
      })
    })

    it('is taken without an app, as it was given out before, and as the id of Meta', async () => {
      const old = viewOf('ClientWaba', waba())
      for (const id of [old, waba()])
        expect(await clientWaba(id)).toMatchObject({ clientWaba: { wabaId: waba() } })
      expect(await play.ask('query ($id: ID!) { node(id: $id) { __typename } }', { id: old })).toEqual({
        node: { __typename: 'ClientWaba' },
      })
      expect(await subscribe({ wabaId: old, appId: first })).toMatchObject({
        clientWaba: { __typename: 'ClientWaba' },
      })
    })

    it('is nothing when it names an app that the caller does not have', async () => {
      const foreign = viewOf('ClientWaba', waba(), '4711')
      expect(await clientWaba(foreign)).toEqual({ clientWaba: null })
      expect(await play.ask('query ($id: ID!) { node(id: $id) { id } }', { id: foreign })).toEqual({
        node: null,
      })
      expect(await subscribe({ wabaId: foreign })).toMatchObject({
        __typename: expect.stringMatching(/Problem$/) as string,
      })
      const events = '{ events(filter: { wabaId: "FOREIGN" }) { edges { cursor } } }'.replace(
        'FOREIGN',
        foreign,
      )
      expect((await play.post(events)).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    })

    it('of a solution means that app, and another may be named: `actions` offers what each may do', async () => {
      const id = viewOf('Solution', everything.metaIds[1] ?? '', first)
      const ask = (input: object) =>
        mutate(
          play.urls[0] ?? '',
          ['requestSolutionDeactivation', 'SolutionActionInput'],
          { solutionId: id, ...input },
          '... on SolutionActionPayload { solution { id status } }',
        )
      expect(await ask({})).toMatchObject({ message: expect.stringContaining('owns the solution') as string })
      expect(await ask({ appId: second })).toMatchObject({
        solution: {
          id: viewOf('Solution', everything.metaIds[1] ?? '', second),
          status: 'PENDING_DEACTIVATION',
        },
      })
    })

    it('narrows events to what that app was told', async () => {
      const told = async (id: string) => {
        const query =
          'query ($w: ID!) { events(filter: { wabaId: $w }, last: 50) { edges { node { appId } } } }'
        const { events } = (await play.ask(query, { w: id })) as {
          events: { edges: { node: { appId: string } }[] }
        }
        return [...new Set(events.edges.map(({ node }) => node.appId))].sort()
      }
      expect(await told(waba())).toEqual([...apps].sort())
      expect(await told(viewOf('ClientWaba', waba(), second))).toEqual([second])
    })
  })

  it('and what a mutation answers is the node of the app that acted', async () => {
    const wabaId = everything.metaIds[2] ?? ''
    for (const appId of apps) {
      const answer = await mutate(play.urls[0] ?? '', verb, { wabaId, appId }, payload)
      expect(
        sightingsIn(answer, 'subscribeAppToWaba').map(({ node }) => fromGlobalId(node.id)),
      ).toMatchObject([{ type: 'ClientWaba', appId }])
    }
  })
})

it("a partner's app is found by the id that it has as one of ours sees it", async () => {
  await using world = await startWorld({ solutions: 1, partnersPerSolution: 2 })
  const shown = 'id appId name link businessId'
  const { data } = await world.run(`{ apps { solutions(first: 1) { edges { node { ownerApp { ${shown} }
    partners { edges { node { app { ${shown} } } } } } } } } }`)
  const rows = [...JSON.stringify(data).matchAll(/\{"id":"[^}]+\}/g)].map(
    ([text]) => JSON.parse(text) as { id: string; appId: string },
  )
  expect(new Set(rows.map(({ appId }) => appId)).size).toBeGreaterThan(2)
  for (const row of rows)
    expect((await world.run(`{ node(id: "${row.id}") { ... on App { ${shown} } } }`)).data).toEqual({
      node: row,
    })
})
