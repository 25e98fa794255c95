import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { clock, graph, social } from './support/apps.ts'
import { answerEach, graphError, type ItemAnswer, type SentItem } from './support/batch.ts'
import { anyObject, failureOf } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

const MINUTE = 60_000
const as = { app: social }

function read(id: string, token: Endpoint<unknown>['token'] = 'system'): Endpoint<unknown> {
  return { method: 'GET', path: [id, 'phone_numbers'], token, expect: anyObject }
}

/** Percentages, and minutes to regain access, by key. */
type Figures = Readonly<Record<string, readonly (readonly [percent: number, minutes?: number])[]>>

type Headers = NonNullable<ItemAnswer['headers']>

const usage = (figures: Figures): Headers => {
  const rows = Object.entries(figures).map(([key, entries]) => [
    key,
    entries.map(([call_count, estimated_time_to_regain_access = 0], index) => ({
      type: `type ${index}`,
      call_count,
      estimated_time_to_regain_access,
    })),
  ])
  return [{ name: 'x-business-use-case-usage', value: JSON.stringify(Object.fromEntries(rows)) }]
}

async function start(answer: (asked: SentItem) => ItemAnswer) {
  const upstream = await startUpstream(
    answerEach((asked) =>
      asked.path.endsWith('/access_token')
        ? { body: { access_token: `EAAB-${asked.query['business_id']}-token` } }
        : answer(asked),
    ),
  )
  const time = clock()
  const caller = graph(upstream.url, { time })
  const outcome = (endpoint: Endpoint<unknown>, viewer = as): Promise<string> =>
    caller.call(endpoint, viewer).then(
      () => 'read',
      (error: { kind: string }) => error.kind,
    )
  return { caller, time, outcome }
}

/** What the first call is told, and nobody after it. */
const first = (headers: Headers, refused = false) => {
  const answers: ItemAnswer[] = [refused ? { code: 400, body: graphError(80008), headers } : { headers }]
  return () => answers.pop() ?? {}
}

describe('a usage header', () => {
  test.each<[string, Figures]>([
    ['then one of another object', { 1: [[97]], 999: [[5]] }],
    ['of two types', { 1: [[97], [3]] }],
  ])('of the account, %s, counts with its highest figure', async (_name, figures) => {
    const { outcome } = await start(first(usage(figures)))
    expect([await outcome(read('1')), await outcome(read('1'))]).toEqual(['read', 'throttled'])
  })

  test('of the latest answer counts, not the highest of all', async () => {
    const percents = [97, 20]
    const { outcome, time } = await start(() => ({ headers: usage({ 1: [[percents.shift() ?? 0]] }) }))
    await outcome(read('1'))
    time.pass(2 * MINUTE)
    expect([await outcome(read('1')), await outcome(read('1'))]).toEqual(['read', 'read'])
  })

  test('of an item of a batch counts for its own object, with its highest figure', async () => {
    const { caller, outcome } = await start(({ path }) =>
      path.startsWith('3/') ? { headers: usage({ 3: [[97], [3]] }) } : {},
    )
    await caller.readAll(['2', '3'].map((id) => ({ endpoint: read(id), as })))
    expect([await outcome(read('2')), await outcome(read('3'))]).toEqual(['read', 'throttled'])
  })

  test('that names only another, as the business of the token, counts for what was asked for and nothing else', async () => {
    const { outcome } = await start(({ path }) => ({
      headers: usage({ [social.businessId]: [[path.startsWith('1/') ? 97 : 5]] }),
    }))
    await outcome(read('1'))
    await outcome(read('2'))
    const others = [outcome(read('1')), outcome(read('2')), outcome(read(social.businessId))]
    expect(await Promise.all(others)).toEqual(['throttled', 'read', 'read'])
  })
})

describe('a throttled account', () => {
  test('rests for its own time, not for that of another that the header names', async () => {
    const { caller, time, outcome } = await start(first(usage({ 1: [[100, 1]], 2: [[100, 600]] }), true))
    expect((await failureOf(caller.call(read('1'), as))).retryAfterSeconds).toBe(60)
    time.pass(MINUTE)
    expect(await outcome(read('1'))).toBe('read')
  })

  test('rests for the longest of its own times', async () => {
    const { caller } = await start(
      first(
        usage({
          1: [
            [100, 1],
            [100, 5],
          ],
          2: [[100, 600]],
        }),
        true,
      ),
    )
    expect((await failureOf(caller.call(read('1'), as))).retryAfterSeconds).toBe(300)
  })

  test('rests for the time of what is named instead of it', async () => {
    const { caller, time, outcome } = await start(first(usage({ 555: [[100, 5]] }), true))
    expect((await failureOf(caller.call(read('1'), as))).retryAfterSeconds).toBe(300)
    expect([await outcome(read('1')), await outcome(read('2'))]).toEqual(['throttled', 'read'])
    time.pass(5 * MINUTE)
    expect(await outcome(read('1'))).toBe('read')
  })

  test('is not forgotten while ten thousand others are read', async () => {
    const { caller, outcome } = await start(({ path }) =>
      path.startsWith('777/')
        ? { code: 400, body: graphError(80008), headers: usage({ 777: [[100, 60]] }) }
        : {},
    )
    await outcome(read('777'))
    const tally = { requests: 0, units: 0 }
    for (let from = 10_000; from < 20_200; from += 500) {
      const reads = Array.from({ length: 500 }, (_, index) => read(String(from + index)))
      await caller.readAll(
        reads.map((endpoint) => ({ endpoint, as })),
        { tally },
      )
    }
    const before = tally.requests
    expect((await failureOf(caller.call(read('777'), as, { tally }))).kind).toBe('throttled')
    expect(tally.requests).toBe(before)
  })
})
