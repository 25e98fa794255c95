import { describe, expect, test } from 'vitest'
import type { Tally, Endpoint } from '../../src/graph/endpoint.ts'
import type { GraphEvent } from '../../src/graph/upstream/upstream.ts'
import { atOnce, clock, customerOf, graph, lucky, social } from './support/apps.ts'
import { answerEach, graphError, itemsOf, type ItemAnswer, type SentItem } from './support/batch.ts'
import { anyObject, failureOf } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

const MINUTE = 60_000

function read(id: string, more: Partial<Endpoint<unknown>> = {}): Endpoint<unknown> {
  return { method: 'GET', path: [id, 'phone_numbers'], token: 'system', expect: anyObject, ...more }
}
const write = (id: string) => read(id, { method: 'POST', path: [id, 'subscribed_apps'], body: {} })

const usage = (percent: number, key = '1', minutes = 0) => ({
  name: 'x-business-use-case-usage',
  value: JSON.stringify({ [key]: [{ call_count: percent, estimated_time_to_regain_access: minutes }] }),
})

const refuse = (code: number, headers: ItemAnswer['headers'] = []): ItemAnswer => ({
  code: 400,
  body: graphError(code),
  headers,
})

async function start(answer: (asked: SentItem) => ItemAnswer, events?: GraphEvent[]) {
  const upstream = await startUpstream(answerEach(answer))
  const time = clock()
  const caller = graph(upstream.url, { time, count: (event) => events?.push(event) })
  return { upstream, time, caller, count: () => upstream.seen.length }
}

const as = { app: social }

describe('a throttled account', () => {
  test.each([80007, 80008])(
    'is not asked again after %i until its time is over, and answers with the seconds that remain',
    async (code) => {
      const events: GraphEvent[] = []
      let over = true
      const answer = () => (over ? refuse(code, [usage(100, '1', 10)]) : {})
      const { caller, count, time } = await start(answer, events)
      expect(await failureOf(caller.call(read('1'), as))).toMatchObject({
        kind: 'throttled',
        retryAfterSeconds: 600,
      })
      for (let round = 0; round < 30; round++) {
        const error = await failureOf(caller.call(round % 2 ? read('1') : write('1'), as))
        expect(error).toMatchObject({ kind: 'throttled', code, outcomeUnknown: false })
      }
      time.pass(4 * MINUTE)
      expect((await failureOf(caller.call(read('1'), as))).retryAfterSeconds).toBe(360)
      expect(count()).toBe(1)
      expect(events.filter((event) => event === 'throttled')).toHaveLength(31)
      over = false
      time.pass(6 * MINUTE)
      await caller.call(read('1'), as)
      expect(count()).toBe(2)
    },
  )

  test('leaves others as they are: other accounts, the same account through another app', async () => {
    const { caller, count } = await start(({ path, query }) =>
      path.startsWith('1/') && query['appsecret_proof'] ? refuse(80008) : {},
    )
    await failureOf(caller.call(read('1'), as))
    for (const id of ['2', '3', '4']) await caller.call(read(id), as)
    await failureOf(caller.call(read('1'), { app: lucky }))
    await failureOf(caller.call(read('1'), { app: lucky }))
    expect(count()).toBe(5)
  })

  test('gets as many more calls as were under way, and no retry', async () => {
    const { caller, count } = await start(() => refuse(80008))
    await Promise.all(Array.from({ length: 100 }, () => failureOf(caller.call(read('1'), as))))
    expect(count()).toBeLessThanOrEqual(10)
  })

  test('waits a minute when Graph does not say how long, and two when that was not enough', async () => {
    const { caller, count, time } = await start(() => refuse(80008))
    const secondsOf = async () => (await failureOf(caller.call(read('1'), as))).retryAfterSeconds
    expect([await secondsOf(), await secondsOf()]).toEqual([60, 60])
    time.pass(MINUTE)
    expect([await secondsOf(), await secondsOf()]).toEqual([120, 120])
    expect(count()).toBe(2)
  })

  test.each([
    ['names it', [usage(100, '3', 5)]],
    ['names nothing', []],
  ])('that is an item of a batch stops alone when the header %s', async (_name, headers) => {
    const { caller, upstream } = await start(({ path }) =>
      path.startsWith('3/') ? refuse(80008, headers) : {},
    )
    const kinds = async (...ids: string[]) =>
      (await caller.readAll(ids.map((id) => ({ endpoint: read(id), as })))).map((outcome) =>
        'error' in outcome ? outcome.error.kind : 'read',
      )
    expect(await kinds('1', '2', '3')).toEqual(['read', 'read', 'throttled'])
    expect(await kinds('3', '1')).toEqual(['throttled', 'read'])
    expect(upstream.seen.map((seen) => itemsOf(seen)?.length ?? 1)).toEqual([3, 1])
  })
})

describe('a throttled app or token', () => {
  test.each([4, 341])('stops its kind of token after %i, and no other app', async (code) => {
    const { caller, count } = await start(({ path }) => (path.startsWith('1/') ? refuse(code) : {}))
    await failureOf(caller.call(read('1'), as))
    expect((await failureOf(caller.call(read('2'), as))).kind).toBe('throttled')
    await caller.call(read('2', { token: 'app' }), as)
    await caller.call(read('2'), { app: lucky })
    expect(count()).toBe(3)
  })

  test.each([17, 32, 613])('stops that token after %i, and no other customer', async (code) => {
    const { caller, count } = await start(({ path, query }) => {
      if (path.endsWith('/access_token'))
        return { body: { access_token: `EAAB-${query['business_id']}-token` } }
      return path.startsWith('1/') ? refuse(code) : {}
    })
    const own = (id: string) => read(id, { token: 'business' })
    await failureOf(caller.call(own('1'), customerOf('91')))
    expect((await failureOf(caller.call(own('2'), customerOf('91')))).kind).toBe('throttled')
    await caller.call(own('2'), customerOf('92'))
    expect(count()).toBe(4)
  })

  test('is not stopped by what concerns one operation only', async () => {
    const { caller } = await start(({ method }) => (method === 'POST' ? refuse(133016) : {}))
    expect((await failureOf(caller.call(write('1'), as))).kind).toBe('throttled')
    await expect(caller.call(read('1'), as)).resolves.toEqual({})
  })
})

describe('an allowance that runs low', () => {
  test.each([
    [79, true, true, true],
    [85, false, true, true],
    [97, false, false, true],
    [100, false, false, false],
  ])('at %i percent: background %s, reads %s, writes %s', async (percent, background, reads, writes) => {
    const { caller, count } = await start(() => ({ headers: [usage(percent)] }))
    await caller.call(read('1'), as)
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => true,
        (error: unknown) => (error as { kind: string }).kind,
      )
    const expected = [background, reads, writes].map((may) => may || 'throttled')
    expect([
      await outcome(caller.call(read('1'), as, { priority: 'background' })),
      await outcome(caller.call(read('1'), as)),
      await outcome(caller.write(write('1'), as, atOnce)),
    ]).toEqual(expected)
    expect(count()).toBe(1 + expected.filter((may) => may === true).length)
  })

  test('comes back as the hour rolls on', async () => {
    const { caller, time } = await start(() => ({ headers: [usage(97)] }))
    await caller.call(read('1'), as)
    expect(await failureOf(caller.call(read('1'), as))).toMatchObject({ retryAfterSeconds: 72 })
    time.pass(73_000)
    await expect(caller.call(read('1'), as)).resolves.toBeDefined()
  })

  test('holds a read back for a while, so that one that comes later may overtake it', async () => {
    const { caller, upstream } = await start(({ path }) => ({
      headers: [usage(path.startsWith('1/') ? 94 : 1)],
    }))
    await caller.call(read('1'), as)
    const slow = caller.call(read('1'), as)
    for (let call = 0; call < 5; call++) await caller.call(read('2'), as)
    await slow
    expect(upstream.seen.map(({ url }) => url.split('/')[2])).toEqual(['1', '2', '2', '2', '2', '2', '1'])
  })

  test('lets what is read for a change leave as long as the change itself may, and at once', async () => {
    const { caller, count } = await start(() => ({ headers: [usage(97)] }))
    const tally: Tally = { requests: 0, units: 0, priority: 'change' }
    await caller.call(read('1'), as)
    await caller.call(read('1'), as, { tally })
    const [value] = await caller.readAll([{ endpoint: read('1'), as }], { tally })
    await caller.call(read('1'), as, { priority: 'change' })
    expect(value).toHaveProperty('value')
    expect((await failureOf(caller.call(read('1'), as))).kind).toBe('throttled')
    expect(count()).toBe(4)
  })

  test("lets a change read with a customer's token that has yet to be fetched", async () => {
    const { caller } = await start(({ path, query }) => ({
      body: path.endsWith('access_token') ? { access_token: `EAAB-${query['business_id']}-token` } : {},
      headers: [{ name: 'x-app-usage', value: JSON.stringify({ call_count: 97 }) }],
    }))
    await caller.call(read('1'), as)
    const own = read('2', { token: 'business' })
    expect((await failureOf(caller.call(own, customerOf('91')))).kind).toBe('throttled')
    await expect(caller.call(own, customerOf('91'), { priority: 'change' })).resolves.toBeDefined()
  })

  test('holds a batch back as it does a read, and lets the others leave before', async () => {
    const { caller, upstream } = await start(({ path }) => ({
      headers: [usage(path.startsWith('1/') || path.startsWith('2/') ? 94 : 1, path.split('/')[0])],
    }))
    const together = (...ids: string[]) => caller.readAll(ids.map((id) => ({ endpoint: read(id), as })))
    await together('1', '2')
    const mixed = together('1', '3', '2', '4')
    for (let call = 0; call < 3; call++) await caller.call(read('5'), as)
    await mixed
    const asked = upstream.seen.slice(1).map((seen) => itemsOf(seen)?.map(({ path }) => path[0]) ?? ['5'])
    expect(asked).toEqual([['3', '4'], ['5'], ['5'], ['5'], ['1', '2']])
  })

  test('is that of the object asked for when the header names another, and of nobody else', async () => {
    const { caller } = await start(({ path }) => ({
      headers: path.startsWith('1/') ? [usage(97, '555')] : [],
    }))
    await caller.call(read('1'), as)
    expect((await failureOf(caller.call(read('1'), as))).kind).toBe('throttled')
    await expect(caller.call(read('555'), as)).resolves.toBeDefined()
  })

  test('is counted when no header comes: background work stops at 160 calls in an hour, others do not', async () => {
    const { caller, count, time } = await start(() => ({}))
    for (let call = 0; call < 161; call++) await caller.call(read('1'), as)
    const background = () => caller.call(read('1'), as, { priority: 'background' })
    expect((await failureOf(background())).kind).toBe('throttled')
    await caller.call(read('1'), as)
    expect(count()).toBe(162)
    time.pass(61 * MINUTE)
    await background()
  })

  test('is known to be the larger one after 200 answers, for background work too', async () => {
    const { caller } = await start(() => ({}))
    for (let call = 0; call < 201; call++) await caller.call(read('1'), as)
    await expect(caller.call(read('1'), as, { priority: 'background' })).resolves.toBeDefined()
  })
})
