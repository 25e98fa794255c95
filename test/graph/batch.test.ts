import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { appSecretProof } from '../../src/graph/prepare.ts'
import type { GraphRead } from '../../src/graph/graph.ts'
import type { GraphOutcome } from '../../src/graph/error.ts'
import { graphIdShape } from '../../src/graph/shapes.ts'
import { customerOf, graph, lucky, social } from './support/apps.ts'
import { answerEach, graphError, item, itemsOf } from './support/batch.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

const shape = z.looseObject({ id: graphIdShape })

const edge = (id: string | number): Endpoint<unknown> => ({
  method: 'GET',
  path: [String(id), 'partners'],
  query: { fields: 'id' },
  token: 'system',
  expect: shape,
})
const reads = (count: number, app = social): GraphRead[] =>
  Array.from({ length: count }, (_, index) => ({ endpoint: edge(100 + index), as: { app } }))

const echo = answerEach(({ path }) => ({ body: { id: path.split('/')[0] } }))
const idOf = (outcome: GraphOutcome | undefined) =>
  outcome && 'value' in outcome ? (outcome.value as { id: string }).id : outcome

const failure = (outcome: GraphOutcome | undefined) =>
  outcome && 'error' in outcome ? outcome.error : undefined

describe('reads that leave together', () => {
  test('are one POST, each with its own token and proof inside, and the outer token is the app itself', async () => {
    const upstream = await startUpstream(echo)
    const outcomes = await graph(upstream.url).readAll(reads(3))
    expect(outcomes.map(idOf)).toEqual(['100', '101', '102'])
    const [seen] = upstream.seen
    expect(upstream.seen).toHaveLength(1)
    expect(seen?.headers.authorization).toBe(`Bearer ${social.appId}|${social.appSecrets[0]}`)
    const { systemToken } = social
    const proof = appSecretProof(systemToken, social.appSecrets[0])
    const query = { fields: 'id', access_token: systemToken, appsecret_proof: proof }
    expect(itemsOf(seen!)).toMatchObject([
      { method: 'GET', path: '100/partners', query },
      { method: 'GET', path: '101/partners', query },
      { method: 'GET', path: '102/partners', query },
    ])
    expect(seen?.url).not.toMatch(/EAAG|secret-of|access_token/)
  })

  test('are a plain GET when there is one, or the same one several times', async () => {
    const upstream = await startUpstream(echo)
    const endpoint = edge(7)
    const same = Array.from({ length: 5 }, () => ({ endpoint: { ...endpoint }, as: { app: social } }))
    expect((await graph(upstream.url).readAll(same)).map(idOf)).toEqual(['7', '7', '7', '7', '7'])
    expect(upstream.seen.map(({ method }) => method)).toEqual(['GET'])
  })

  test('are fifty in a batch at most', async () => {
    const upstream = await startUpstream(echo)
    const outcomes = await graph(upstream.url).readAll(reads(120))
    expect(outcomes.map(idOf)).toEqual(Array.from({ length: 120 }, (_, index) => String(100 + index)))
    expect(upstream.seen.map((seen) => itemsOf(seen)?.length).toSorted()).toEqual([20, 50, 50])
  })

  test('of two apps travel apart, each under its own app', async () => {
    const upstream = await startUpstream(echo)
    await graph(upstream.url).readAll([...reads(2, social), ...reads(2, lucky)])
    const outer = upstream.seen.map(({ headers }) => headers.authorization)
    expect(outer.toSorted()).toEqual(
      [lucky, social].map(({ appId, appSecrets }) => `Bearer ${appId}|${appSecrets[0]}`),
    )
    for (const seen of upstream.seen) {
      const tokens = new Set(itemsOf(seen)?.map(({ query }) => query['access_token']))
      const app = seen.headers.authorization?.includes(lucky.appId) ? lucky : social
      expect([...tokens]).toEqual([app.systemToken])
    }
  })

  test('count as one request and as many units as items', async () => {
    const upstream = await startUpstream(echo)
    const tally = { requests: 0, units: 0 }
    const caller = graph(upstream.url)
    await caller.readAll(reads(3), { tally })
    expect(tally).toEqual({ requests: 1, units: 3 })
    await caller.call(edge(1), { app: social }, { tally })
    expect(tally).toEqual({ requests: 2, units: 4 })
  })

  test('end with the caller', async () => {
    const leaving = new AbortController()
    const upstream = await startUpstream(() => leaving.abort())
    const outcomes = await graph(upstream.url).readAll(reads(3), leaving.signal)
    expect(outcomes.map((outcome) => failure(outcome)?.kind)).toEqual(['aborted', 'aborted', 'aborted'])
  })

  test('are none of a write', async () => {
    const upstream = await startUpstream(echo)
    const post: Endpoint<unknown> = { ...edge(1), method: 'POST', body: {} }
    const [refused, ...others] = await graph(upstream.url).readAll([
      { endpoint: post, as: { app: social } },
      ...reads(2),
    ])
    expect(failure(refused)?.kind).toBe('input')
    expect(others.map(idOf)).toEqual(['100', '101'])
    expect(upstream.seen).toHaveLength(1)
  })
})

describe('an item of a batch', () => {
  test('fails alone, in its own words, and without the secrets that it quotes', async () => {
    const upstream = await startUpstream(
      answerEach(({ path, query }) => {
        const id = path.split('/')[0]
        if (id === '100')
          return { code: 400, body: graphError(100, { message: `bad ${query['access_token']}` }) }
        if (id === '101') return { body: { id: 12345678901234567000n.toString() } }
        return { code: 404, body: graphError(803, { fbtrace_id: 'Abc' }) }
      }),
    )
    const [invalid, value, missing] = await graph(upstream.url).readAll(reads(3))
    expect(failure(invalid)).toMatchObject({ kind: 'invalid', code: 100 })
    expect(failure(invalid)?.message).not.toContain(social.systemToken)
    expect(idOf(value)).toBe('12345678901234567000')
    expect(failure(missing)).toMatchObject({ kind: 'not-found', fbtraceId: 'Abc', httpStatus: 404 })
    expect(upstream.seen).toHaveLength(1)
  })

  test('keeps every digit of an id that is a bare number', async () => {
    const upstream = await startUpstream(answerEach(() => ({ body: '{"id":10153848260347725}' })))
    expect((await graph(upstream.url).readAll(reads(2))).map(idOf)).toEqual(
      Array.from({ length: 2 }, () => '10153848260347725'),
    )
  })

  test('that Graph did not finish is asked for alone', async () => {
    const upstream = await startUpstream((response, seen) => {
      const items = itemsOf(seen)
      if (items === null) return echo(response, seen, 0)
      const rows = items.map(({ path }) => (path.startsWith('101') ? null : item({ body: { id: '1' } })))
      sendJson(response, 200, rows)
    })
    const outcomes = await graph(upstream.url).readAll(reads(3))
    expect(outcomes.map(idOf)).toEqual(['1', '101', '1'])
    expect(upstream.seen.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(upstream.seen[1]?.url).toContain('/101/partners')
    expect(upstream.seen[1]?.headers.authorization).toBe(`Bearer ${social.systemToken}`)
  })

  test('that Graph did not finish is asked for again together with its like, and at last alone', async () => {
    const upstream = await startUpstream((response, seen) => {
      const items = itemsOf(seen)
      if (items === null) return echo(response, seen, 0)
      const rows = items.map(({ path }) => (path.startsWith('100') ? item({ body: { id: '100' } }) : null))
      sendJson(response, 200, rows)
    })
    const tally = { requests: 0, units: 0 }
    const outcomes = await graph(upstream.url).readAll(reads(4), { tally })
    expect(outcomes.map(idOf)).toEqual(['100', '101', '102', '103'])
    expect(upstream.seen.map((seen) => itemsOf(seen)?.length ?? 1)).toEqual([4, 3, 1, 1, 1])
    expect(tally).toEqual({ requests: 5, units: 10 })
  })

  test('that never ends is the only one that fails', async () => {
    const upstream = await startUpstream((response, seen) => {
      const items = itemsOf(seen)
      if (items === null && seen.url?.includes('/101/')) return
      if (items === null) return echo(response, seen, 0)
      const hangs = items.some(({ path }) => path.startsWith('101'))
      const rows = items.map(({ path }) => (hangs ? null : item({ body: { id: path.split('/')[0] } })))
      sendJson(response, 200, rows)
    })
    const outcomes = await graph(upstream.url, { deadlineMs: 2_000 }).readAll(reads(4))
    expect(outcomes.map((outcome) => failure(outcome)?.kind)).toEqual([
      undefined,
      'timeout',
      undefined,
      undefined,
    ])
  })

  test.each([
    ['is no item', 7],
    ['has no code', { body: '{"id":"101"}' }],
    ['has an object in place of a text', { code: 200, body: { id: '101' } }],
    ['is cut off', { code: 200, body: '{"id":"10' }],
    ['is about something else', item({ body: { name: 'no id' } })],
    ['is an error', item({ code: 400, body: graphError(100) })],
    ['is a page for people', { code: 500, body: '<html>' }],
  ])('that %s fails none of its neighbours', async (_name, bad) => {
    const upstream = await startUpstream((response, seen) => {
      const items = itemsOf(seen)
      if (items === null) return sendJson(response, 400, graphError(100))
      sendJson(
        response,
        200,
        items.map(({ path }) => (path.startsWith('101') ? bad : item({ body: { id: path.split('/')[0] } }))),
      )
    })
    const [first, other, last] = await graph(upstream.url).readAll(reads(3))
    expect([idOf(first), idOf(last)]).toEqual(['100', '102'])
    expect(failure(other)).toBeDefined()
  })

  test('that Graph could not do now is tried again alone, three times in all', async () => {
    const upstream = await startUpstream(
      answerEach(({ path }) =>
        path.startsWith('101') ? { code: 500, body: graphError(2) } : { body: { id: '1' } },
      ),
    )
    const outcomes = await graph(upstream.url).readAll(reads(3))
    expect(failure(outcomes[1])).toMatchObject({ kind: 'unavailable', code: 2 })
    expect(upstream.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
  })

  test('tells of its own allowance, and the others go on', async () => {
    const upstream = await startUpstream(
      answerEach(({ path }) =>
        path.startsWith('101')
          ? {
              code: 400,
              body: graphError(80008),
              headers: [
                {
                  name: 'X-Business-Use-Case-Usage',
                  value: '{"101":[{"call_count":100,"estimated_time_to_regain_access":3}]}',
                },
              ],
            }
          : { body: { id: '1' } },
      ),
    )
    const caller = graph(upstream.url)
    expect(failure((await caller.readAll(reads(3)))[1])).toMatchObject({
      kind: 'throttled',
      retryAfterSeconds: 180,
    })
    const again = await caller.readAll(reads(3))
    expect(again.map((outcome) => failure(outcome)?.kind)).toEqual([undefined, 'throttled', undefined])
    expect(upstream.seen.map((seen) => itemsOf(seen)?.map(({ path }) => path))).toEqual([
      ['100/partners', '101/partners', '102/partners'],
      ['100/partners', '102/partners'],
    ])
  })
})

describe('any mixture of items', () => {
  // What an item comes to: a row of the batch, and what its neighbours are read under.
  const rows = {
    fine: (id: string) => item({ body: { id } }),
    unknown: () => item({ code: 400, body: graphError(100, { error_subcode: 33 }) }),
    refused: () => item({ code: 500, body: graphError(100) }),
    forbidden: () => item({ code: 403, body: graphError(200) }),
    dead: () => item({ code: 401, body: graphError(190) }),
    malformed: () => ({ body: 7 }),
    torn: () => item({ body: '{"id":' }),
    unfinished: () => null,
  }
  const kinds = fc.constantFrom(...(Object.keys(rows) as (keyof typeof rows)[]))
  const tokens = fc.constantFrom('system', 'app', 'business') as fc.Arbitrary<'system' | 'app' | 'business'>

  test('is answered item by item: those that Graph answers are read, whatever their neighbours are and whoever reads them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ kind: kinds, token: tokens }), { minLength: 2, maxLength: 70 }),
        async (asked) => {
          const upstream = await startUpstream((response, seen) => {
            const items = itemsOf(seen)
            if (seen.url.includes('/access_token'))
              return sendJson(response, 200, { access_token: 'EAAB-token-of-800' })
            const kindOf = (id: string) => asked[Number(id) - 100]?.kind ?? 'fine'
            if (items === null) {
              const [id = ''] = /\d+(?=\/partners)/.exec(seen.url) ?? []
              const fine = kindOf(id) === 'fine'
              return sendJson(response, fine ? 200 : 404, fine ? { id } : graphError(803))
            }
            const ids = items.map(({ path }) => path.split('/')[0] ?? '')
            sendJson(
              response,
              200,
              ids.map((id) => rows[kindOf(id)](id)),
            )
          })
          const outcomes = await graph(upstream.url, { limits: { bucket: 100_000 } }).readAll(
            asked.map(({ token }, index) => ({
              endpoint: { ...edge(100 + index), token },
              as: token === 'business' ? customerOf('800') : { app: social },
            })),
          )
          expect(outcomes.map((outcome) => 'value' in outcome)).toEqual(
            asked.map(({ kind }) => kind === 'fine'),
          )
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a batch as a whole', () => {
  test.each([
    ['too few', [item({ body: { id: '1' } })]],
    ['too many', [1, 2, 3].map(() => item({ body: { id: '1' } }))],
    ['no list', { data: [] }],
  ])('that answers %s items is tried again and then every item is malformed', async (_name, answer) => {
    const upstream = await startUpstream((response) => sendJson(response, 200, answer))
    const outcomes = await graph(upstream.url).readAll(reads(2))
    expect(outcomes.map((outcome) => failure(outcome)?.kind)).toEqual(['malformed', 'malformed'])
    expect(upstream.seen).toHaveLength(3)
  })

  test('that comes on a later try is the answer', async () => {
    const upstream = await startUpstream((response, seen, count) =>
      count === 1 ? void response.writeHead(502).end('<html>') : echo(response, seen, count),
    )
    expect((await graph(upstream.url).readAll(reads(2))).map(idOf)).toEqual(['100', '101'])
  })

  test('that is a bomb ends at the limit, and is not asked for again', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '), { level: 9 })
    const upstream = await startUpstream(
      (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    const outcomes = await graph(upstream.url).readAll(reads(2))
    expect(outcomes.map((outcome) => failure(outcome)?.kind)).toEqual(['too-large', 'too-large'])
    expect(upstream.seen).toHaveLength(1)
  })

  test('is one try of one deadline', async () => {
    const upstream = await startUpstream(() => undefined)
    const outcomes = await graph(upstream.url, { deadlineMs: 1_500 }).readAll(reads(2))
    expect(outcomes.map((outcome) => failure(outcome)?.kind)).toEqual(['timeout', 'timeout'])
    expect(upstream.seen).toHaveLength(1)
  })
})
