import { describe, expect, test } from 'vitest'
import { readNode } from '../../src/graph/endpoints/nodes.ts'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import type { GraphEvent } from '../../src/graph/upstream/upstream.ts'
import { atOnce, clock, graph, lucky, social } from './support/apps.ts'
import { answerEach, graphError, itemsOf } from './support/batch.ts'
import { anyObject, failureOf } from './support/client.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

const as = { app: social }
const edge = (id: string, name = 'partners'): Endpoint<unknown> => ({
  method: 'GET',
  path: [id, name],
  token: 'system',
  expect: anyObject,
})

async function dying(dead = () => true) {
  const events: GraphEvent[] = []
  const upstream = await startUpstream((response) =>
    dead() ? void response.writeHead(503).end() : sendJson(response, 200, {}),
  )
  const time = clock()
  const caller = graph(upstream.url, { time, count: (event) => events.push(event) })
  const offer = async (count: number, start = 0) => {
    const before = upstream.seen.length
    const work = Array.from({ length: count }, (_, index) => caller.call(edge(String(start + index)), as))
    const errors = await Promise.all(work.map(failureOf))
    return { errors, sent: upstream.seen.length - before }
  }
  return { upstream, time, caller, events, offer }
}

describe('while Graph is down', () => {
  test('few of many calls are sent, and then one probe in five seconds', async () => {
    const { offer, time, events } = await dying()
    const first = await offer(100)
    expect(first.sent).toBeLessThan(150)
    expect(events).toContain('breaker-opened')
    for (let round = 0; round < 10; round++) {
      const { errors, sent } = await offer(200, 1000)
      expect(sent).toBe(0)
      for (const error of errors) {
        expect(error).toMatchObject({ kind: 'unavailable', transient: true, outcomeUnknown: false })
        expect(error.retryAfterSeconds).toBeGreaterThan(0)
      }
      time.pass(450)
    }
    time.pass(500)
    const retries = () => events.filter((event) => event.startsWith('retry')).length
    const before = retries()
    expect((await offer(200)).sent).toBe(1)
    expect(retries()).toBe(before)
    expect((await offer(200)).sent).toBe(0)
    time.pass(5000)
    expect((await offer(200)).sent).toBe(1)
  })

  test('retries are paid for by requests that succeeded, of which a batch is one', async () => {
    let isDead = true
    const alive = answerEach(() => ({ body: {} }))
    const upstream = await startUpstream((response, seen, count) =>
      isDead ? void response.writeHead(503).end() : alive(response, seen, count),
    )
    const caller = graph(upstream.url, { limits: { bucket: 5, retryCost: 5 } })
    const sentFor = async (work: () => Promise<unknown>) => {
      const before = upstream.seen.length
      await work().catch(() => undefined)
      return upstream.seen.length - before
    }
    expect(await sentFor(() => caller.call(edge('1'), as))).toBe(2)
    isDead = false
    const reads = Array.from({ length: 20 }, (_, index) => ({ endpoint: edge(String(100 + index)), as }))
    expect(await sentFor(() => caller.readAll(reads))).toBe(1)
    isDead = true
    expect(await sentFor(() => caller.call(edge('2'), as))).toBe(1)
  })

  test('a write is refused before it is sent, and surely did not happen', async () => {
    const { caller, time, upstream } = await dying()
    const write: Endpoint<unknown> = { ...edge('1', 'accept'), method: 'POST' }
    const sent = Array.from({ length: 60 }, (_, index) =>
      failureOf(caller.write({ ...write, path: [String(index), 'accept'] }, as, atOnce)),
    )
    for (const error of await Promise.all(sent)) expect(error.kind).toBe('unavailable')
    const before = upstream.seen.length
    expect(await failureOf(caller.write(write, as, atOnce))).toMatchObject({ outcomeUnknown: false })
    time.pass(1000)
    expect(upstream.seen).toHaveLength(before)
  })

  test('and back again, the first probe ends it', async () => {
    let dead = true
    const { offer, time, caller } = await dying(() => dead)
    await offer(100)
    dead = false
    time.pass(5000)
    await caller.call(edge('1'), as)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => caller.call(edge(String(index)), as)),
    )
    expect(answers).toHaveLength(50)
  })

  test('other apps and other kinds of call are asked for themselves', async () => {
    const { offer, caller, upstream } = await dying()
    await offer(100)
    const before = upstream.seen.length
    await failureOf(caller.call(edge('1', 'solutions'), as))
    await failureOf(caller.call(edge('1'), { app: lucky }))
    expect(upstream.seen.length).toBeGreaterThanOrEqual(before + 2)
  })

  test('an object that fails for ever keeps no other from being asked', async () => {
    const upstream = await startUpstream((response, seen) =>
      seen.url.includes('/1/') ? void response.writeHead(503).end() : sendJson(response, 200, {}),
    )
    const caller = graph(upstream.url, { time: clock() })
    for (let round = 0; round < 60; round++) await failureOf(caller.call(edge('1'), as))
    await expect(caller.call(edge('2'), as)).resolves.toEqual({})
    const before = upstream.seen.length
    await failureOf(caller.call(edge('1'), as))
    expect(upstream.seen).toHaveLength(before)
  })

  test('items that fail inside a batch count as well, and then are not sent', async () => {
    const upstream = await startUpstream(answerEach(() => ({ code: 500, body: graphError(2) })))
    const caller = graph(upstream.url, { time: clock() })
    const reads = Array.from({ length: 50 }, (_, index) => ({ endpoint: edge(String(index)), as }))
    await caller.readAll(reads)
    const before = upstream.seen.length
    const outcomes = await caller.readAll(reads)
    expect(outcomes.every((outcome) => 'error' in outcome && outcome.error.kind === 'unavailable')).toBe(true)
    expect(upstream.seen).toHaveLength(before)
  })
})

describe('while Graph answers batches and fails at what is in them', () => {
  test('one probe leaves in five seconds, however many reads come together', async () => {
    let dead = true
    const asked: string[] = []
    const upstream = await startUpstream(
      answerEach(({ path }) => {
        asked.push(path)
        return dead ? { code: 500, body: graphError(2) } : {}
      }),
    )
    const time = clock()
    const caller = graph(upstream.url, { time })
    const offer = async (from: number) => {
      asked.length = 0
      const reads = Array.from({ length: 50 }, (_, index) => ({ endpoint: edge(String(from + index)), as }))
      const outcomes = (await Promise.all([caller.readAll(reads), caller.readAll(reads)])).flat()
      return { sent: asked.length, read: outcomes.filter((outcome) => 'value' in outcome).length }
    }
    await offer(0)
    for (let round = 1; round <= 4; round++) {
      expect(await offer(round * 100)).toEqual({ sent: 0, read: 0 })
      time.pass(5000)
      expect(await offer(round * 100)).toEqual({ sent: 1, read: 0 })
      expect(await offer(round * 100)).toEqual({ sent: 0, read: 0 })
    }
    dead = false
    time.pass(5000)
    expect(await offer(1000)).toEqual({ sent: 1, read: 1 })
    expect((await offer(1000)).read).toBe(100)
  })

  test('nodes of other types are asked for, each type for itself', async () => {
    const upstream = await startUpstream((response, seen) =>
      seen.url.includes('owner_business_info')
        ? void response.writeHead(503).end()
        : sendJson(response, 200, { id: '7' }),
    )
    const caller = graph(upstream.url, { time: clock() })
    const account = (id: number) => readNode('ClientWaba', String(id), 'id,owner_business_info', 'system')
    await Promise.all(Array.from({ length: 60 }, (_, id) => failureOf(caller.call(account(id), as))))
    const before = upstream.seen.length
    await failureOf(caller.call(account(61), as))
    expect(upstream.seen).toHaveLength(before)
    await expect(caller.call(readNode('Solution', '7', 'id', 'system'), as)).resolves.toEqual({ id: '7' })
  })

  test('items that it did not get to say nothing, and their retries say all', async () => {
    let dead = false
    const upstream = await startUpstream((response, seen) => {
      const items = itemsOf(seen)
      if (items !== null) {
        const rows = items.map(() => null)
        sendJson(response, 200, rows)
      } else if (dead) response.writeHead(503).end()
      else sendJson(response, 200, {})
    })
    const events: GraphEvent[] = []
    const limits = { bucket: 1_000_000 }
    const caller = graph(upstream.url, { time: clock(), limits, count: (event) => events.push(event) })
    const offer = (from: number) =>
      caller.readAll(Array.from({ length: 50 }, (_, id) => ({ endpoint: edge(String(from + id)), as })))
    for (const from of [0, 100]) {
      expect((await offer(from)).filter((outcome) => 'value' in outcome)).toHaveLength(50)
    }
    expect(events).not.toContain('breaker-opened')
    dead = true
    await offer(200)
    await offer(300)
    expect(events).toContain('breaker-opened')
  })
})

describe('retries', () => {
  test('are at most a fifth of the calls under way, and three at least', async () => {
    const events: GraphEvent[] = []
    const upstream = await startUpstream((response) => void response.writeHead(503).end())
    const limits = { breakerResults: 1_000_000, total: 1000 }
    const caller = graph(upstream.url, { limits, count: (event) => events.push(event) })
    const calls = Array.from({ length: 200 }, (_, index) => failureOf(caller.call(edge(String(index)), as)))
    await Promise.all(calls)
    expect(events).toContain('retry-refused')
    expect(upstream.seen.length).toBeGreaterThanOrEqual(203)
    expect(upstream.seen.length).toBe(200 + events.filter((event) => event === 'retry').length)
  })

  test('end when the bucket is empty, and come back with answers', async () => {
    let dead = true
    const upstream = await startUpstream((response) =>
      dead ? void response.writeHead(503).end() : sendJson(response, 200, {}),
    )
    const caller = graph(upstream.url, { limits: { bucket: 20, breakerResults: 1_000_000 } })
    const sentFor = async (id: string) => {
      const before = upstream.seen.length
      await caller.call(edge(id), as).catch(() => undefined)
      return upstream.seen.length - before
    }
    expect([await sentFor('1'), await sentFor('2'), await sentFor('3')]).toEqual([3, 3, 1])
    dead = false
    for (let call = 0; call < 5; call++) await sentFor(String(call))
    dead = true
    expect([await sentFor('4'), await sentFor('5')]).toEqual([2, 1])
  })

  test('of what a batch left undone are paid for from the bucket: one together, then one for each', async () => {
    const upstream = await startUpstream((response, seen) => {
      const items = itemsOf(seen)
      if (items === null) sendJson(response, 200, {})
      else
        sendJson(
          response,
          200,
          items.map(() => null),
        )
    })
    const caller = graph(upstream.url, { limits: { bucket: 30 } })
    const reads = Array.from({ length: 5 }, (_, index) => ({ endpoint: edge(String(index)), as }))
    const outcomes = await caller.readAll(reads)
    expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error.kind : 'read')).toSorted()).toEqual([
      'read',
      'read',
      'timeout',
      'timeout',
      'timeout',
    ])
  })
})
