import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { GraphError } from '../../src/graph/error.ts'
import type { Deadline } from '../../src/graph/deadline.ts'
import { ConcurrencyLimiter } from '../../src/graph/upstream/limits.ts'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { until } from '../support/until.ts'
import { atOnce, graph, social } from './support/apps.ts'
import { answerEach, itemsOf } from './support/batch.ts'
import { anyObject, client, credential, failureOf } from './support/client.ts'
import { sendJson, startUpstream } from './support/upstream.ts'
import * as fc from 'fast-check'

const as = { app: social }
const edge = (id: string): Endpoint<unknown> => ({
  method: 'GET',
  path: [id, 'partners'],
  token: 'system',
  expect: anyObject,
})
const write = (id: string): Endpoint<unknown> => ({ ...edge(id), method: 'POST', body: {} })

/** Holds back what is asked about the account 1, and answers the rest. */
async function stuck() {
  const held: ServerResponse[] = []
  const upstream = await startUpstream((response, seen) => {
    if (seen.url.includes('/1/')) held.push(response)
    else if (itemsOf(seen) === null) sendJson(response, 200, {})
    else answerEach(() => ({}))(response, seen, 0)
  })
  return { upstream, held }
}

const calls = (count: number, work: () => Promise<unknown>) => Array.from({ length: count }, work)

describe('an account that hangs', () => {
  test('has ten calls under way at most, and starves no other', async () => {
    const { upstream, held } = await stuck()
    const caller = graph(upstream.url)
    const waiting = calls(200, () => caller.call(edge('1'), as))
    await Promise.all(Array.from({ length: 50 }, (_, index) => caller.call(edge(String(index + 2)), as)))
    expect(held).toHaveLength(10)
    const settled = Promise.all(waiting)
    for (let answered = 0; answered < 200; answered++) {
      while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
      expect(held.length).toBeLessThanOrEqual(10)
      sendJson(held.shift()!, 200, {})
    }
    await expect(settled).resolves.toHaveLength(200)
  })

  test('takes no batch along: its reads wait outside', async () => {
    const { upstream, held } = await stuck()
    const caller = graph(upstream.url, { deadlineMs: 2_500 })
    const waiting = calls(10, () => failureOf(caller.call(edge('1'), as)))
    const outcomes = await caller.readAll(['1', '2', '3'].map((id) => ({ endpoint: edge(id), as })))
    expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error.kind : 'read'))).toEqual([
      'timeout',
      'read',
      'read',
    ])
    expect(held).toHaveLength(10)
    await Promise.all(waiting)
  })

  test('ends those who wait with their deadline, and a write that never left surely did not happen', async () => {
    const { upstream, held } = await stuck()
    const caller = graph(upstream.url, { deadlineMs: 1_500 })
    const ahead = calls(10, () => failureOf(caller.call(edge('1'), as)))
    const error = await failureOf(caller.write(write('1'), as, atOnce))
    expect(error).toMatchObject({ kind: 'timeout', outcomeUnknown: false })
    await Promise.all(ahead)
    expect(held).toHaveLength(10)
  })

  test('keeps nobody waiting who has left', async () => {
    const { upstream } = await stuck()
    const caller = graph(upstream.url, { deadlineMs: 1000 })
    const ahead = calls(10, () => failureOf(caller.call(edge('1'), as)))
    const leaving = new AbortController()
    const waiting = failureOf(caller.call(edge('1'), as, leaving.signal))
    leaving.abort()
    expect((await waiting).kind).toBe('aborted')
    await Promise.all(ahead)
  })
})

test('a write whose turn comes when hardly any time is left is not sent', async () => {
  const upstream = await startUpstream((response) => sendJson(response, 200, {}))
  const late = {
    method: 'POST',
    path: ['1', 'accept'],
    credential,
    expect: anyObject,
    begun: performance.now() - 9_500,
  } as const
  expect(await failureOf(client(upstream.url).request(late))).toMatchObject({
    kind: 'timeout',
    outcomeUnknown: false,
  })
  await client(upstream.url).request({ ...late, method: 'GET' })
  expect(upstream.seen.map(({ method }) => method)).toEqual(['GET'])
})

describe('the gate', () => {
  /** A deadline that ends when it is told to. */
  function deadline() {
    const over = Promise.withResolvers<never>()
    over.promise.catch(() => undefined)
    const race = <T>(work: Promise<T>) => Promise.race([work, over.promise])
    return {
      end: () => over.reject(new GraphError('timeout', 'over')),
      deadline: { race } as unknown as Deadline,
    }
  }

  test('keeps no place for one whose turn and end come in the same moment', async () => {
    const gate = new ConcurrencyLimiter({ perObject: 1, total: 1, waiting: 10 })
    const leave = await gate.enter(['a'], deadline().deadline)
    const late = deadline()
    const waiting = gate.enter(['a'], late.deadline)
    late.end()
    leave()
    await expect(waiting).rejects.toThrow('over')
    expect(gate.isFull('a')).toBe(false)
    await gate.enter(['a'], deadline().deadline)
    expect(gate.isFull('a')).toBe(true)
  })

  test('never lets in more than it may, forgets nobody, and is empty in the end', async () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 })
    const visit = fc.record({ keys, leaves: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { maxLength: 40 }), async (visits) => {
        const limits = { perObject: 2, total: 3, waiting: 1000 }
        const gate = new ConcurrencyLimiter(limits)
        const inside: string[][] = []
        const work = visits.map(async ({ keys, leaves }) => {
          const own = deadline()
          const entering = gate.enter(keys, own.deadline)
          if (leaves) own.end()
          const leave = await entering.catch(() => null)
          if (leave === null) return
          inside.push(keys)
          expect(inside.length).toBeLessThanOrEqual(limits.total)
          for (const key of keys) {
            expect(inside.filter((others) => others.includes(key)).length).toBeLessThanOrEqual(
              limits.perObject,
            )
          }
          await new Promise((resolve) => setImmediate(resolve))
          inside.splice(inside.indexOf(keys), 1)
          leave()
        })
        await Promise.all(work)
        for (const key of ['a', 'b', 'c', 'd']) {
          expect(gate.isFull(key)).toBe(false)
        }
        const leaves = await Promise.all(
          [1, 2, 3].map((key) => gate.enter([String(key)], deadline().deadline)),
        )
        expect(leaves).toHaveLength(3)
      }),
      { numRuns: 200 },
    )
  })
})

describe('too many calls', () => {
  test('are a hundred under way, a thousand waiting, and an error that tells to come back', async () => {
    const held: ServerResponse[] = []
    const upstream = await startUpstream((response) => void held.push(response))
    const events: string[] = []
    const caller = graph(upstream.url, {
      deadlineMs: 2000,
      limits: { breakerResults: 10_000 },
      count: (event) => events.push(event),
    })
    const all = Array.from({ length: 1110 }, (_, index) => failureOf(caller.call(edge(String(index)), as)))
    const refused = await Promise.all(all.slice(-10))
    for (const error of refused) expect(error).toMatchObject({ kind: 'unavailable', transient: true })
    expect(events.filter((event) => event === 'overloaded')).toHaveLength(10)
    // Later, when the first have run out of time, others may leave.
    await until(() => held.length === 100)
    for (const error of await Promise.all(all.slice(0, 1100))) expect(error.kind).toBe('timeout')
  })
})
