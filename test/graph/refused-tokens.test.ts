import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import type { GraphEvent } from '../../src/graph/upstream/upstream.ts'
import { clock, customerOf, graph, lucky, social } from './support/apps.ts'
import { answerEach, graphError, type SentItem } from './support/batch.ts'
import { anyObject, failureOf } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

const as = { app: social }
const edge = (id: number | string, name = 'partners', token: Endpoint<unknown>['token'] = 'system') => ({
  endpoint: { method: 'GET', path: [String(id), name], token, expect: anyObject } as Endpoint<unknown>,
  as,
})

async function start(isRefused: (asked: SentItem) => boolean, code = 190) {
  const events: GraphEvent[] = []
  const asked: string[] = []
  const upstream = await startUpstream(
    answerEach((item, response) => {
      asked.push(item.path)
      const { authorization } = response.req.headers
      if (item.path.endsWith('/access_token')) return { body: { access_token: `EAAB-of-customer-token` } }
      const token = item.query['access_token'] ?? authorization?.replace('Bearer ', '') ?? ''
      const refused = isRefused({ ...item, query: { ...item.query, access_token: token } })
      return refused ? { code: 400, body: graphError(code) } : {}
    }),
  )
  const time = clock()
  const caller = graph(upstream.url, { time, count: (event) => events.push(event) })
  const outcome = ({ endpoint }: ReturnType<typeof edge>, viewer = as): Promise<string> =>
    caller.call(endpoint, viewer).then(
      () => 'read',
      (error: { kind: string }) => error.kind,
    )
  const broken = () => events.filter((event) => event === 'token-broken').length
  return { caller, time, outcome, asked, events, broken }
}

const ofSystem = ({ query }: SentItem): boolean => query['access_token'] === social.systemToken

describe("an app's own token that Graph refuses", () => {
  test('for some items of a batch and takes for others is no bad token', async () => {
    const { caller, outcome, broken } = await start(({ path }) => Number(path.split('/')[0]) >= 5)
    const outcomes = await caller.readAll(Array.from({ length: 9 }, (_, id) => edge(id)))
    const kinds = outcomes.map((one) => ('error' in one ? one.error.kind : 'read'))
    expect(kinds).toEqual([...Array<string>(5).fill('read'), ...Array<string>(4).fill('token')])
    expect([await outcome(edge(1)), broken()]).toEqual(['read', 0])
  })

  test('is tried three times and then once in thirty seconds, and that is said once', async () => {
    const { caller, time, asked, events, broken } = await start(ofSystem)
    for (let id = 0; id < 100; id++) {
      const error = await failureOf(caller.call(edge(id).endpoint, as))
      expect(error).toMatchObject({ kind: 'token', code: 190, outcomeUnknown: false })
    }
    expect(asked).toHaveLength(3)
    expect(events.filter((event) => event === 'token-refused')).toHaveLength(97)
    time.pass(29_999)
    await failureOf(caller.call(edge(1).endpoint, as))
    expect(asked).toHaveLength(3)
    time.pass(1)
    const reads = Array.from({ length: 50 }, (_, id) => edge(id))
    const outcomes = await caller.readAll(reads)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ error: { kind: 'token', code: 190 } })
    expect(asked).toHaveLength(4)
    await failureOf(caller.call(edge(1).endpoint, as))
    expect([asked.length, broken()]).toEqual([4, 1])
  })

  test('counts when it is inside a batch', async () => {
    const { caller, asked, broken } = await start(ofSystem)
    const reads = Array.from({ length: 20 }, (_, id) => edge(id))
    await caller.readAll(reads)
    await caller.readAll(reads)
    expect([asked.length, broken()]).toEqual([20, 1])
  })

  test('is used again with the first answer, and said anew when it fails anew', async () => {
    let revoked = true
    const { time, outcome, broken } = await start((item) => revoked && ofSystem(item))
    for (let id = 0; id < 5; id++) await outcome(edge(id))
    revoked = false
    time.pass(30_000)
    expect([await outcome(edge(1)), await outcome(edge(2))]).toEqual(['read', 'read'])
    revoked = true
    for (let id = 0; id < 5; id++) await outcome(edge(id))
    expect(broken()).toBe(2)
  })

  test('says nothing of other kinds of token, other apps and other kinds of call', async () => {
    const { outcome, asked } = await start((item) => ofSystem(item) && item.path.endsWith('partners'))
    for (let id = 0; id < 5; id++) await outcome(edge(id))
    expect(await outcome(edge(1, 'partners', 'app'))).toBe('read')
    expect(await outcome(edge(1, 'partners', 'business'), customerOf('91'))).toBe('read')
    expect(await outcome(edge(1), { app: lucky })).toBe('read')
    expect(await outcome(edge(1, 'solutions'))).toBe('read')
    const before = asked.length
    expect(await outcome(edge(1))).toBe('token')
    expect(asked).toHaveLength(before)
  })

  test('is not given up for one refusal among answers', async () => {
    const { outcome, asked, broken } = await start(({ path }) => path.startsWith('1/'))
    for (let round = 0; round < 10; round++) {
      for (const id of ['1', '1', '2']) await outcome(edge(id))
    }
    expect([asked.length, broken()]).toEqual([30, 0])
  })

  test('is meant by code 190 only', async () => {
    const { outcome, asked } = await start(ofSystem, 104)
    for (let id = 0; id < 10; id++) expect(await outcome(edge(id))).toBe('token')
    expect(asked).toHaveLength(10)
  })
})
