import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import type { GraphOutcome } from '../../src/graph/error.ts'
import { clock, customerOf, graph, social } from './support/apps.ts'
import { answerEach, graphError, itemsOf, type ItemAnswer, type SentItem } from './support/batch.ts'
import { anyObject, failureOf } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

const owner = (id: string): Endpoint<unknown> => ({
  method: 'GET',
  path: [id],
  query: { fields: 'owner_business_info' },
  token: 'business',
  expect: anyObject,
})

const tokenOf = (business: string) => `EAAB-of-customer-${business}`

const sources = /^(?:[0-9]+\/access_token|[0-9]+\/system_user_access_tokens)$/

/** Gives each customer its token from the first source, and says whose token came with every other read. */
function world(token: (asked: SentItem) => ItemAnswer = firstSource) {
  return answerEach((asked) =>
    sources.test(asked.path) ? token(asked) : { body: { with: asked.query['access_token'] ?? 'bearer' } },
  )
}

function firstSource({ query }: SentItem): ItemAnswer {
  return { body: { data: [{ access_token: tokenOf(query['business_id'] ?? '') }] } }
}

const errorOf = (outcome: GraphOutcome | undefined) =>
  outcome && 'error' in outcome ? outcome.error : undefined

const customers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    endpoint: owner(String(500 + index)),
    as: customerOf(String(9000 + index)),
  }))

describe('the tokens of customers', () => {
  test('that a hundred reads need are fetched with two requests, and the reads leave with two more', async () => {
    const upstream = await startUpstream(world())
    const caller = graph(upstream.url)
    const tally = { requests: 0, units: 0 }
    const outcomes = await caller.readAll(customers(100), { tally })
    expect(outcomes).toEqual(
      Array.from({ length: 100 }, (_, index) => ({ value: { with: tokenOf(String(9000 + index)) } })),
    )
    expect(upstream.seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST'])
    expect(tally).toEqual({ requests: 4, units: 200 })
    const asked = itemsOf(upstream.seen[0]!)?.[0]
    expect(asked).toMatchObject({ path: '700/access_token', query: { access_token: social.systemToken } })
    await caller.readAll(customers(100))
    expect(upstream.seen).toHaveLength(6)
  })

  test('that several need at once are fetched once', async () => {
    const upstream = await startUpstream(world())
    const caller = graph(upstream.url)
    const as = customerOf('9001')
    await Promise.all([
      caller.call(owner('1'), as),
      caller.call(owner('2'), as),
      caller.readAll([{ endpoint: owner('3'), as }]),
    ])
    expect(upstream.seen.filter(({ url }) => url.includes('access_token'))).toHaveLength(1)
  })

  test('that cannot be had fail their own reads only, and the system token never stands in', async () => {
    const upstream = await startUpstream(
      world((asked) =>
        asked.query['business_id'] === '9001' || asked.path.startsWith('9001')
          ? { code: 400, body: graphError(100) }
          : firstSource(asked),
      ),
    )
    const outcomes = await graph(upstream.url).readAll(customers(3))
    expect(errorOf(outcomes[1])).toMatchObject({ kind: 'token', code: 100, transient: false })
    expect(outcomes.map((outcome) => 'value' in outcome)).toEqual([true, false, true])
    const tokens = upstream.seen
      .flatMap((seen) => itemsOf(seen) ?? [])
      .filter(({ path }) => !sources.test(path))
    expect(tokens.map(({ query }) => query['access_token'])).toEqual([tokenOf('9000'), tokenOf('9002')])
  })

  test('do not hold up the reads that need none of them', async () => {
    const upstream = await startUpstream((response, seen, count) => {
      if (!seen.url.includes('access_token')) world()(response, seen, count)
    })
    const plain = { ...owner('1'), token: 'system' as const }
    const outcomes = await graph(upstream.url, { deadlineMs: 2_000 }).readAll([
      { endpoint: plain, as: { app: social } },
      { endpoint: owner('2'), as: customerOf('9001') },
    ])
    expect(outcomes[0]).toEqual({ value: { with: 'bearer' } })
    expect(errorOf(outcomes[1])?.kind).toBe('timeout')
  })

  test('are still fetched for the others when one of those who wait leaves', async () => {
    const release = Promise.withResolvers<void>()
    const upstream = await startUpstream((response, seen, count) => {
      if (!seen.url.includes('access_token')) return world()(response, seen, count)
      void release.promise.then(() => world()(response, seen, count))
    })
    const caller = graph(upstream.url)
    const leaving = new AbortController()
    const as = customerOf('9001')
    const first = failureOf(caller.call(owner('1'), as, leaving.signal))
    const second = caller.call(owner('2'), as)
    leaving.abort()
    expect((await first).kind).toBe('aborted')
    release.resolve()
    await expect(second).resolves.toEqual({ with: 'bearer' })
  })

  test('of which nobody says when they end are fetched anew after an hour', async () => {
    const upstream = await startUpstream(world())
    const time = clock()
    const caller = graph(upstream.url, {}, { clock: time.now })
    const fetches = () => upstream.seen.filter(({ url }) => url.includes('access_token')).length
    await caller.call(owner('1'), customerOf('9001'))
    time.pass(59 * 60_000)
    await caller.call(owner('1'), customerOf('9001'))
    expect(fetches()).toBe(1)
    time.pass(60_000)
    await caller.call(owner('1'), customerOf('9001'))
    expect(fetches()).toBe(2)
  })

  test('are fetched anew five minutes before their end', async () => {
    const time = clock()
    const expires_at = (time.now() + 24 * 3_600_000) / 1000
    const upstream = await startUpstream(
      world(({ query }) => ({
        body: { data: [{ access_token: tokenOf(query['business_id'] ?? ''), expires_at }] },
      })),
    )
    const caller = graph(upstream.url, {}, { clock: time.now })
    const fetches = () => upstream.seen.filter(({ url }) => url.includes('access_token')).length
    await caller.call(owner('1'), customerOf('9001'))
    time.pass(24 * 3_600_000 - 301_000)
    await caller.call(owner('1'), customerOf('9001'))
    expect(fetches()).toBe(1)
    time.pass(1_000)
    await caller.call(owner('1'), customerOf('9001'))
    expect(fetches()).toBe(2)
  })

  test('that came another way are used until their end, and those without one for good', async () => {
    const upstream = await startUpstream(world())
    const time = clock()
    const caller = graph(upstream.url, {}, { clock: time.now })
    const [ending, lasting] = [customerOf('9001'), customerOf('9002')]
    const expiresAt = time.now() + 3_600_000
    await caller.remember(ending, { token: 'EAAB-from-a-code', wabaId: null, expiresAt })
    await caller.remember(lasting, { token: 'EAAB-without-end', wabaId: null, expiresAt: null })
    time.pass(3_600_000 - 301_000)
    expect([caller.holdsAlone(ending), caller.holdsAlone(lasting)]).toEqual([true, true])
    time.pass(1_000)
    expect([caller.holdsAlone(ending), caller.holdsAlone(lasting)]).toEqual([false, true])
  })

  test('end with trouble on the way as that trouble, which may pass', async () => {
    const upstream = await startUpstream(world(() => ({ code: 503, body: graphError(2) })))
    const error = await failureOf(graph(upstream.url).call(owner('1'), customerOf('9001')))
    expect(error).toMatchObject({ kind: 'unavailable', transient: true })
  })
})

describe('the second source of a token', () => {
  const second = (asked: SentItem): ItemAnswer =>
    asked.path.endsWith('/system_user_access_tokens')
      ? { body: { access_token: tokenOf(asked.path.split('/')[0] ?? '') } }
      : { code: 404, body: graphError(803) }

  test('is asked at once for a customer without a solution', async () => {
    const upstream = await startUpstream(world(second))
    const caller = graph(upstream.url)
    await caller.readAll([
      { endpoint: owner('1'), as: customerOf('9001', null) },
      { endpoint: owner('2'), as: customerOf('9002', null) },
    ])
    const items = itemsOf(upstream.seen[0]!)
    expect(items?.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '9001/system_user_access_tokens', 'fetch_only=true'],
      ['POST', '9002/system_user_access_tokens', 'fetch_only=true'],
    ])
    expect(items?.[0]?.query).toMatchObject({ access_token: social.systemToken })
    expect(items?.[0]?.query['appsecret_proof']).toMatch(/^[0-9a-f]{64}$/)
    expect(upstream.seen).toHaveLength(2)
  })

  test.each([100, 803, 200])('is asked when the first refuses with %i', async (code) => {
    const upstream = await startUpstream(
      world((asked) =>
        asked.path.endsWith('/access_token') ? { code: 400, body: graphError(code) } : second(asked),
      ),
    )
    await graph(upstream.url).call(owner('1'), customerOf('9001'))
    expect(upstream.seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
      'GET /v26.0/700/access_token',
      'POST /v26.0/9001/system_user_access_tokens',
      'GET /v26.0/1',
    ])
    expect(upstream.seen[2]?.headers.authorization).toBe(`Bearer ${tokenOf('9001')}`)
  })

  test.each([
    [190, 'token', 1],
    [4, 'throttled', 1],
    [2, 'unavailable', 3],
  ] as const)('is not asked when the first answers %i, which is %s', async (code, kind, tries) => {
    const upstream = await startUpstream(world(() => ({ code: 400, body: graphError(code) })))
    const error = await failureOf(graph(upstream.url).call(owner('1'), customerOf('9001')))
    expect(error.kind).toBe(kind)
    expect(upstream.seen).toHaveLength(tries)
  })

  test('may be tried again like a read, since it makes nothing', async () => {
    const upstream = await startUpstream((response, seen, count) =>
      count === 1 ? void response.writeHead(503).end() : world(second)(response, seen, count),
    )
    await expect(graph(upstream.url).call(owner('1'), customerOf('9001', null))).resolves.toBeDefined()
    expect(upstream.seen).toHaveLength(3)
  })
})

describe('a token that Graph no longer takes', () => {
  test('is given up once, however many reads it fails, and fetched once for those that come after', async () => {
    let revoked = true
    const upstream = await startUpstream(
      answerEach((asked) => {
        if (sources.test(asked.path)) return firstSource(asked)
        return revoked ? { code: 400, body: graphError(190, { error_subcode: 460 }) } : { body: {} }
      }),
    )
    const dropped: string[] = []
    const caller = graph(upstream.url, {}, { tokenDropped: (appId) => dropped.push(appId) })
    const as = customerOf('9001')
    const alone = Array.from({ length: 20 }, (_, index) => failureOf(caller.call(owner(String(index)), as)))
    const together = caller.readAll(
      Array.from({ length: 100 }, (_, index) => ({ endpoint: owner(String(1000 + index)), as })),
    )
    for (const error of await Promise.all(alone)) expect(error).toMatchObject({ kind: 'token', code: 190 })
    for (const outcome of await together) expect(errorOf(outcome)?.kind).toBe('token')
    expect(dropped).toEqual([social.appId])
    revoked = false
    const fetches = () => upstream.seen.filter(({ url }) => url.includes('/access_token')).length
    const before = fetches()
    await Promise.all(Array.from({ length: 20 }, (_, index) => caller.call(owner(String(index)), as)))
    expect(fetches()).toBe(before + 1)
  })

  test('leaves the tokens of others as they are', async () => {
    const upstream = await startUpstream(
      answerEach((asked) =>
        sources.test(asked.path)
          ? firstSource(asked)
          : asked.path === '1'
            ? { code: 400, body: graphError(190) }
            : { body: {} },
      ),
    )
    const caller = graph(upstream.url)
    await caller.call(owner('2'), customerOf('9002'))
    await failureOf(caller.call(owner('1'), customerOf('9001')))
    await caller.call(owner('2'), customerOf('9002'))
    const asked = upstream.seen.filter(({ url }) => url.includes('/access_token'))
    expect(asked.map(({ url }) => /business_id=(\d+)/.exec(url)?.[1])).toEqual(['9002', '9001'])
  })

  test('is not blamed for the refusal of the batch that it travelled in', async () => {
    const upstream = await startUpstream((response, seen, count) => {
      const items = itemsOf(seen)
      if (items !== null && !sources.test(items[0]?.path ?? '')) {
        response.writeHead(400).end(JSON.stringify(graphError(190)))
      } else world()(response, seen, count)
    })
    const dropped: string[] = []
    const caller = graph(upstream.url, {}, { tokenDropped: (appId) => dropped.push(appId) })
    const outcomes = await caller.readAll(customers(2))
    expect(outcomes.map((outcome) => errorOf(outcome)?.kind)).toEqual(['token', 'token'])
    expect(dropped).toEqual([])
  })
})
