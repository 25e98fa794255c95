import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createGraphClient } from '../../src/graph/client.ts'
import type { GraphRequest } from '../../src/graph/endpoint.ts'
import type { GraphObservation } from '../../src/graph/upstream/upstream.ts'
import { pageShape } from '../../src/graph/paging.ts'
import { appSecretProof } from '../../src/graph/prepare.ts'
import { graphBoolean, graphIdShape } from '../../src/graph/shapes.ts'
import { anyObject, client, credential, failureOf, read, write } from './support/client.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

const proof = appSecretProof(credential.token, credential.appSecret)

describe('a request', () => {
  test.each(['GET', 'POST', 'DELETE'] as const)(
    'with %s carries the version, the token as bearer and its proof, and the token nowhere else',
    async (method) => {
      const upstream = await startUpstream((response) => sendJson(response, 200, { id: '1' }))
      const graph = client(`${upstream.url}/proxy/`)
      const path = ['123', 'subscribed_apps']
      await graph.request({ method, path, query: { fields: 'id,a{b}' }, credential, expect: anyObject })
      const [seen] = upstream.seen
      const url = new URL(seen?.url ?? '', upstream.url)
      expect(url.pathname).toBe('/proxy/v26.0/123/subscribed_apps')
      expect(Object.fromEntries(url.searchParams)).toEqual({ fields: 'id,a{b}', appsecret_proof: proof })
      expect(seen?.headers.authorization).toBe(`Bearer ${credential.token}`)
      expect(seen?.headers['accept-encoding']).toBe('identity')
      expect(seen?.url).not.toContain(credential.token)
      expect(seen).toMatchObject({ method, body: '' })
    },
  )

  test('sends its body as JSON', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    await write(client(upstream.url))
    expect(upstream.seen[0]).toMatchObject({ body: '{"name":"x"}' })
    expect(upstream.seen[0]?.headers['content-type']).toBe('application/json')
  })

  test('encodes what a parameter holds', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const query = { filtering: '[{"field":"a&access_token=b","value":"#é"}]' }
    await client(upstream.url).request({ method: 'GET', path: ['1'], query, credential, expect: anyObject })
    const url = new URL(upstream.seen[0]?.url ?? '', upstream.url)
    expect(url.searchParams.get('filtering')).toBe(query.filtering)
    expect(url.searchParams.has('access_token')).toBe(false)
  })

  test.each<[string, Partial<GraphRequest<unknown>>]>([
    ['a token in the query', { query: { access_token: 'x' } }],
    ['a proof of its own', { query: { appsecret_proof: 'x' } }],
    ['a JSONP callback', { query: { callback: 'x' } }],
    ['a method override', { query: { method: 'delete' } }],
    ['several ids', { path: [], query: { ids: '1,2' } }],
    ['ids of an edge', { query: { ids: '1,2' } }],
    ['a date format', { query: { date_format: 'U' } }],
    ['debugging', { query: { debug: 'all' } }],
    ['pretty printing', { query: { pretty: '1' } }],
    ['an asynchronous batch', { method: 'POST', path: [], body: { asyncbatch: '[]' } }],
    ['a parameter name with punctuation', { query: { 'a=b&c': 'x' } }],
    ['a token in the body', { method: 'POST', body: { access_token: 'x' } }],
    ['a body on a read', { body: { a: 1 } }],
    ['a body that is not JSON', { method: 'POST', body: { a: 1n } }],
    ['a token with a line break', { credential: { ...credential, token: 'EAAG\r\nx: y' } }],
    ['an empty token', { credential: { ...credential, token: '' } }],
    ['an empty app secret', { credential: { ...credential, appSecret: '' } }],
    ['a path with a dot', { path: ['..', 'me'] }],
    ['an edge in capitals', { path: ['123', 'Partners'] }],
  ])('with %s is refused before any socket opens', async (_name, wrong) => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const request = { method: 'GET', path: ['123'], credential, expect: anyObject, ...wrong } as const
    const error = await failureOf(client(upstream.url).request(request))
    expect(error).toMatchObject({ kind: 'input', outcomeUnknown: false })
    expect(error.message).not.toContain('EAAG')
    expect(upstream.sockets()).toBe(0)
  })

  test('goes through a closed client no more', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const graph = client(upstream.url)
    await read(graph)
    await graph.close()
    await graph.close()
    expect((await failureOf(read(graph))).kind).toBe('aborted')
    expect(upstream.seen).toHaveLength(1)
  })

  test.each([
    ['ftp://127.0.0.1', 'v26.0'],
    ['http://user:pass@127.0.0.1', 'v26.0'],
    ['http://127.0.0.1/?a=b', 'v26.0'],
    ['graph.facebook.com', 'v26.0'],
    ['http://127.0.0.1', '26.0'],
    ['http://127.0.0.1', 'v26.0/../v1.0'],
  ])('has no client for %s with %s', (baseUrl, version) => {
    expect(() => createGraphClient({ baseUrl, version })).toThrow(/^The (address|Graph version)/)
  })
})

describe('an answer', () => {
  async function answered<T>(body: string | Buffer, expectation: z.ZodType<T>, headers = {}): Promise<T> {
    const upstream = await startUpstream((response) => void response.writeHead(200, headers).end(body))
    return client(upstream.url).request({ method: 'GET', path: ['1'], credential, expect: expectation })
  }

  test('is known by its content, not by its label', async () => {
    const label = { 'content-type': 'text/javascript; charset=UTF-8' }
    await expect(answered('\uFEFF{"id":"1"}', anyObject, label)).resolves.toEqual({ id: '1' })
  })

  test('keeps every digit of its ids', async () => {
    const shape = z.object({ id: graphIdShape })
    await expect(answered('{"id":10153848260347725}', shape)).resolves.toEqual({ id: '10153848260347725' })
    await expect(answered('{"id":42}', shape)).resolves.toEqual({ id: '42' })
  })

  test('may say true in quotes', async () => {
    const shape = z.object({ success: graphBoolean })
    await expect(answered('{"success":"true"}', shape)).resolves.toEqual({ success: true })
  })

  test.each(['{"success":false}', '{"success":"false"}', '{"success":false,"id":"1"}'])(
    'that is %s is no answer',
    async (text) => {
      await expect(answered(text, anyObject)).rejects.toMatchObject({ kind: 'declined', transient: true })
    },
  )

  test('may be compressed although that was not asked for', async () => {
    const gzip = { 'content-encoding': 'gzip' }
    await expect(answered(gzipSync('{"id":"1"}'), anyObject, gzip)).resolves.toEqual({ id: '1' })
  })

  test('loses the links that hold a token', async () => {
    const next = 'http://127.0.0.1:9/x?access_token=EAAGleak'
    const body = { data: [{ id: '1' }], paging: { cursors: { after: 'QQ' }, next } }
    const loose = await answered(JSON.stringify(body), anyObject)
    expect(loose).toEqual({ data: [{ id: '1' }], paging: { cursors: { after: 'QQ' }, next: '[removed]' } })
    await expect(answered(JSON.stringify(body), pageShape(anyObject))).resolves.toEqual({
      data: [{ id: '1' }],
      after: 'QQ',
    })
  })

  test('of another shape is malformed, told by place and not by value, and not asked for again', async () => {
    const upstream = await startUpstream((response) =>
      sendJson(response, 200, { data: [{ id: 'secret-value' }] }),
    )
    const graph = client(upstream.url)
    const shape = pageShape(z.object({ id: graphIdShape }))
    const error = await failureOf(graph.request({ method: 'GET', path: ['1'], credential, expect: shape }))
    expect(error.kind).toBe('malformed')
    expect(error.message).toContain('data.0.id')
    expect(error.message).not.toContain('secret-value')
    expect(upstream.seen).toHaveLength(1)
    const lost = await failureOf(graph.request({ method: 'POST', path: ['1'], credential, expect: shape }))
    expect(lost).toMatchObject({ kind: 'malformed', outcomeUnknown: true })
  })

  test('that comes on a later try is the answer', async () => {
    const upstream = await startUpstream((response, _seen, count) =>
      count < 3 ? sendJson(response, 500, { error: { code: 2 } }) : sendJson(response, 200, { id: '1' }),
    )
    await expect(read(client(upstream.url))).resolves.toEqual({ id: '1' })
    expect(upstream.seen).toHaveLength(3)
  })
})

describe('an error of Graph', () => {
  test('is told in its words, without the secrets that it quotes', async () => {
    const upstream = await startUpstream((response, seen) =>
      sendJson(response, 400, {
        error: {
          message: `(#100) bad token ${credential.token} or ${credential.appSecret} or ${seen.url} ${'x '.repeat(600)}`,
          code: 100,
          error_subcode: 7,
          error_user_title: `Title ${credential.token}`,
          error_user_msg: 'Text',
          fbtrace_id: 'EJplcsCHuLu',
        },
      }),
    )
    const error = await failureOf(read(client(upstream.url)))
    expect(error).toMatchObject({
      code: 100,
      subcode: 7,
      httpStatus: 400,
      fbtraceId: 'EJplcsCHuLu',
      userMessage: 'Text',
    })
    expect(error.message).toMatch(
      /^Graph refused the request \(code 100, subcode 7\): \(#100\) bad token \[redacted\]/,
    )
    expect(error.message.length).toBeLessThan(1060)
    const everything = JSON.stringify([error.message, error.stack, error])
    for (const secret of [credential.token, credential.appSecret, proof])
      expect(everything).not.toContain(secret)
  })

  test('has the trace id of the headers when there is none in its words', async () => {
    const upstream = await startUpstream((response) => {
      response.writeHead(502, { 'x-fb-trace-id': 'AbCdEf12345' }).end('<b>Sorry</b>')
    })
    const error = await failureOf(write(client(upstream.url)))
    expect(error).toMatchObject({ kind: 'unavailable', outcomeUnknown: true, fbtraceId: 'AbCdEf12345' })
  })

  test('says how long a throttled caller should wait', async () => {
    const usage = {
      'x-business-use-case-usage': '{"1":[{"call_count":101,"estimated_time_to_regain_access":3}]}',
    }
    const upstream = await startUpstream((response) =>
      sendJson(response, 400, { error: { code: 80008 } }, usage),
    )
    const error = await failureOf(write(client(upstream.url)))
    expect(error).toMatchObject({ kind: 'throttled', retryAfterSeconds: 180, outcomeUnknown: false })
  })
})

describe('an observer', () => {
  test('sees each try with its route, and nothing secret and no id', async () => {
    const events: GraphObservation[] = []
    const headers = { 'facebook-api-version': 'v27.0', 'x-app-usage': '{"call_count":91}' }
    const upstream = await startUpstream((response, _seen, count) =>
      count === 1 ? sendJson(response, 503, { error: { code: 2 } }) : sendJson(response, 200, {}, headers),
    )
    const graph = client(upstream.url, { observe: (event) => events.push(event) })
    const path = ['21202248997039', 'partners']
    await graph.request({
      method: 'GET',
      path,
      query: { fields: 'secret_field' },
      credential,
      expect: anyObject,
    })
    expect(events).toMatchObject([
      {
        method: 'GET',
        route: '/{id}/partners',
        status: 503,
        attempt: 1,
        errorKind: 'unavailable',
        errorCode: 2,
      },
      { route: '/{id}/partners', status: 200, attempt: 2, answeredBy: 'v27.0', usage: { maxPercent: 91 } },
    ])
    expect(events[0]).not.toHaveProperty('answeredBy')
    expect(events[1]).not.toHaveProperty('errorKind')
    expect(JSON.stringify(events)).not.toMatch(/EAAG|21202248997039|secret_field|proof/)
  })

  test('is told when no answer came', async () => {
    const events: GraphObservation[] = []
    const upstream = await startUpstream((response) => response.socket?.resetAndDestroy())
    await failureOf(write(client(upstream.url, { observe: (event) => events.push(event) })))
    expect(events).toMatchObject([{ method: 'POST', status: null, attempt: 1, errorKind: 'network' }])
  })

  test('that fails does not change what happened', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, { id: '1' }))
    const observe = () => {
      throw new Error('the watcher fell')
    }
    await expect(write(client(upstream.url, { observe }))).resolves.toEqual({ id: '1' })
  })
})
