import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { GraphRequest } from '../../src/graph/endpoint.ts'
import type { GraphErrorKind } from '../../src/graph/error.ts'
import { BAD_ANSWERS } from './support/bad-answers.ts'
import { graphError, item, itemsOf } from './support/batch.ts'
import { anyObject, client, credential, failureOf } from './support/client.ts'
import { readEndpoints, type NamedEndpoint } from './support/read-endpoints.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

const endpoints = await readEndpoints()

// Nothing here is about budgets: every read is to meet every answer.
const limits = { breakerResults: 1_000_000, retryLeast: 1000, bucket: 1_000_000, perObject: 1000 }

function requestOf({ endpoint }: NamedEndpoint, object: number): GraphRequest<unknown> {
  const { token, ...call } = endpoint
  const path = call.path.map((segment) => (segment === '123' ? String(1000 + object) : segment))
  return {
    ...call,
    path,
    credential: token === 'none' ? { appId: credential.appId, kind: token } : credential,
  }
}

const requests = endpoints.map(requestOf)
// What may be sent only once never leaves with others.
const repeatable = requests.filter(({ once }) => !once)
const options = (kind: GraphErrorKind) => ({ limits, deadlineMs: kind === 'timeout' ? 400 : 10_000 })

test('the table holds every kind of read', () => {
  const names = new Set(endpoints.map(({ name }) => name))
  for (const name of ['listSolutions', 'readEdge', 'readNode', 'businessToken']) {
    expect(names).toContain(name)
  }
  expect(endpoints.filter(({ name }) => name === 'readNode').length).toBeGreaterThanOrEqual(5)
})

// Throttled answers would keep the later reads of an app from being sent, so each has a client of its own.
describe.each(BAD_ANSWERS)('$name', ({ answer, kind }) => {
  test(`is ${kind} for each of the reads alone`, async () => {
    const upstream = await startUpstream(answer)
    await Promise.all(
      requests.map(async (request) => {
        const error = await failureOf(client(upstream.url, options(kind)).request(request))
        expect(error.kind).toBe(kind)
        expect(error.message).not.toContain(credential.token)
      }),
    )
  })

  test(`is ${kind} for each of the reads when they leave together`, async () => {
    const upstream = await startUpstream(answer)
    const outcomes = await client(upstream.url, options(kind)).requestAll(repeatable)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ error: { kind } })
  })
})

const bad = (code: number, body: unknown) => item({ code, body })
const page = '<!doctype html><title>Sorry</title>'

const BAD_ITEMS: readonly (readonly [name: string, row: unknown, kind: GraphErrorKind])[] = [
  ['a page with 200', bad(200, page), 'malformed'],
  ['an empty body', bad(200, ''), 'malformed'],
  ['a body that is missing', { code: 200 }, 'malformed'],
  ['a body that is null', { code: 200, body: null }, 'malformed'],
  ['a body that is no text', { code: 200, body: { id: '1' } }, 'malformed'],
  ['null as text', bad(200, 'null'), 'malformed'],
  ['a list', bad(200, [{ id: '1' }]), 'malformed'],
  ['true', bad(200, 'true'), 'malformed'],
  ['JSON that is cut off', bad(200, '{"data":[{"id":"1"},{"id":'), 'malformed'],
  ['nesting without end', bad(200, '['.repeat(100_000)), 'malformed'],
  ['deep nesting', bad(200, `{"id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 'malformed'],
  ['another shape', bad(200, { id: ['x'], data: 7, access_token: 9, 1: 3 }), 'malformed'],
  ['no code', { body: '[' }, 'malformed'],
  ['a code that is a text', { code: '200', body: '[' }, 'malformed'],
  ['a number', 7, 'malformed'],
  ['a text', 'ok', 'malformed'],
  ['headers that are none', { code: 500, headers: 'x', body: '' }, 'unavailable'],
  ['headers that are null', { code: 500, headers: [null, { name: 1 }], body: '' }, 'unavailable'],
  ['a redirect', bad(302, { id: '1' }), 'malformed'],
  ['a 403 page', bad(403, page), 'malformed'],
  ['a 429 page', bad(429, page), 'throttled'],
  ['a 502 page', bad(502, page), 'unavailable'],
  ['an error in a 200', bad(200, graphError(100)), 'invalid'],
  ['code 2', bad(500, graphError(2)), 'unavailable'],
  ['code 100 with subcode 33', bad(400, graphError(100, { error_subcode: 33 })), 'not-found'],
  ['code 190', bad(400, graphError(190)), 'token'],
  ['code 200', bad(403, graphError(200)), 'permission'],
  ['code 803', bad(404, graphError(803)), 'not-found'],
  ['code 80008', bad(400, graphError(80008)), 'throttled'],
  ['an error without a code', bad(400, { error: {} }), 'invalid'],
  // Asked for alone, it is a 504.
  ['what Graph never finished', null, 'unavailable'],
]

describe.each(BAD_ITEMS)('an item that is %s', (_name, row, kind) => {
  // What is asked for alone afterwards meets the same answer.
  const alone = (response: ServerResponse) => {
    const { code = 200, body = '' } = (row ?? { code: 504 }) as { code?: number; body?: string }
    response.writeHead(typeof code === 'number' ? code : 200)
    response.end(typeof body === 'string' ? body : '')
  }

  test(`is ${kind} for each of the reads, and its neighbour is read`, async () => {
    for (const request of repeatable) {
      const upstream = await startUpstream((response, seen) => {
        const items = itemsOf(seen)
        if (items === null) return alone(response)
        sendJson(response, 200, [row, item({ body: { id: '1' } })])
      })
      const { credential } = request
      const neighbour = { method: 'GET', path: ['77'], credential, expect: anyObject } as const
      const graph = client(upstream.url, { limits })
      const [outcome, other] = await graph.requestAll([request, neighbour])
      expect(outcome).toMatchObject({ error: { kind, outcomeUnknown: false } })
      expect(other).toEqual({ value: { id: '1' } })
    }
  })
})
