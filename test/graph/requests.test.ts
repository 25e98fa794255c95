import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import type { GraphObservation } from '../../src/graph/upstream/upstream.ts'
import { multipartPayload } from '../../src/graph/prepare.ts'
import { atOnce, graph, social } from './support/apps.ts'
import { anyObject, client, credential, failureOf } from './support/client.ts'
import { graphError } from './support/batch.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

const as = { app: social }

describe('a call without a token', () => {
  const secrets = ['AQD-one-time-code', social.appSecrets[0]]
  const exchange: Endpoint<unknown> = {
    method: 'GET',
    path: ['oauth', 'access_token'],
    query: { client_id: social.appId, client_secret: social.appSecrets[0], code: 'AQD-one-time-code' },
    token: 'none',
    secrets,
    expect: anyObject,
  }

  test('carries neither a bearer nor a proof, and what it carries itself', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, { access_token: 'EAAB' }))
    await graph(upstream.url).call(exchange, as)
    const [seen] = upstream.seen
    const query = Object.fromEntries(new URL(seen?.url ?? '', upstream.url).searchParams)
    expect(query).toEqual(exchange.query)
    expect(seen?.headers.authorization).toBeUndefined()
  })

  test('leaves none of it in an error, nor with those who watch', async () => {
    const events: GraphObservation[] = []
    const upstream = await startUpstream((response, { url }) =>
      sendJson(response, 400, graphError(100, { message: `This is bad: ${url} ${secrets.join(' ')}` })),
    )
    const error = await failureOf(
      graph(upstream.url, { observe: (event) => events.push(event) }).call(exchange, as),
    )
    const everything = JSON.stringify([error.message, error.stack, error, events])
    for (const secret of secrets) expect(everything).not.toContain(secret)
    expect(error.message).toContain('This is bad')
  })

  test('never goes into a batch', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const other = { ...exchange, query: { code: 'another' } }
    await graph(upstream.url).readAll([exchange, other].map((endpoint) => ({ endpoint, as })))
    expect(upstream.seen.map(({ method }) => method)).toEqual(['GET', 'GET'])
  })
})

describe('a secret of a call', () => {
  test.each(['123456', 'a b&c=d', 'EAAB~opaque'])(
    '%j is in no message, as itself or encoded',
    async (secret) => {
      const upstream = await startUpstream((response) =>
        sendJson(
          response,
          400,
          graphError(100, { message: `no ${secret} and ${encodeURIComponent(secret)}` }),
        ),
      )
      const endpoint: Endpoint<unknown> = {
        method: 'POST',
        path: ['123', 'register'],
        body: { pin: secret },
        token: 'system',
        secrets: [secret],
        expect: anyObject,
      }
      const error = await failureOf(graph(upstream.url).write(endpoint, as, atOnce))
      expect(error.message).not.toContain(secret)
      expect(error.message).not.toContain(encodeURIComponent(secret))
    },
  )
})

describe('a form', () => {
  const form = {
    fields: { end_business_id: '42', name: 'Läden & Söhne' },
    files: [
      {
        name: 'business_documents[]',
        filename: 'a "quoted"\r\nname.pdf',
        type: 'application/pdf',
        bytes: new Uint8Array([0, 255, 13, 10, 45, 45]),
      },
    ],
  }

  test('arrives as it was given, field by field and byte by byte', async () => {
    const { type, bytes } = multipartPayload(form)
    const read = await new Response(Buffer.from(bytes as Uint8Array), {
      headers: { 'content-type': type },
    }).formData()
    expect(read.get('end_business_id')).toBe('42')
    expect(read.get('name')).toBe('Läden & Söhne')
    const file = read.get('business_documents[]') as File
    expect([file.type, file.name]).toEqual(['application/pdf', form.files[0]?.filename])
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(form.files[0]?.bytes)
  })

  test('is sent once, signed like any other call', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, { success: true }))
    const endpoint: Endpoint<unknown> = {
      method: 'POST',
      path: ['42', 'self_certify_whatsapp_business'],
      form,
      token: 'system',
      expect: anyObject,
    }
    await graph(upstream.url).write(endpoint, as, atOnce)
    const [seen] = upstream.seen
    expect(seen?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(seen?.headers.authorization).toBe(`Bearer ${social.systemToken}`)
    expect(seen?.url).toContain('appsecret_proof=')
  })

  test.each([
    ['a field that is a token', { fields: { access_token: 'x' }, files: [] }],
    ['a file under a name with punctuation', { fields: {}, files: [{ ...form.files[0]!, name: 'a"; x="' }] }],
    [
      'a media type that ends its header',
      { fields: {}, files: [{ ...form.files[0]!, type: 'a/b\r\nx: y' }] },
    ],
  ])('with %s is refused before any socket opens', async (_name, bad) => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const request = { method: 'POST', path: ['1'], form: bad, credential, expect: anyObject } as const
    expect((await failureOf(client(upstream.url).request(request))).kind).toBe('input')
    expect(upstream.sockets()).toBe(0)
  })

  test('goes with no other body', async () => {
    const both = { method: 'POST', path: ['1'], form, body: {}, credential, expect: anyObject } as const
    expect((await failureOf(client('http://127.0.0.1:9').request(both))).kind).toBe('input')
  })
})

describe('a write', () => {
  const accept: Endpoint<unknown> = {
    method: 'POST',
    path: ['1', 'accept'],
    token: 'system',
    expect: anyObject,
  }

  test.each([
    ['AbC123xyz', 'AbC123xyz'],
    ['no good: <x>', null],
  ])('with the trace id %j in its header has the trace %j', async (header, traceId) => {
    const upstream = await startUpstream((response) =>
      sendJson(response, 200, { success: true }, { 'x-fb-trace-id': header }),
    )
    expect(await graph(upstream.url).write(accept, as, atOnce)).toEqual({ value: { success: true }, traceId })
  })

  test('has no trace when Graph names none, and fails with that of the error', async () => {
    const upstream = await startUpstream((response, _seen, count) =>
      count === 1
        ? sendJson(response, 200, {})
        : sendJson(response, 400, graphError(100, { fbtrace_id: 'Trace1' })),
    )
    const caller = graph(upstream.url)
    expect((await caller.write(accept, as, atOnce)).traceId).toBeNull()
    expect(await failureOf(caller.write(accept, as, atOnce))).toMatchObject({ fbtraceId: 'Trace1' })
  })

  test('is not sent when its time is over right before its first byte, and may be asked for again', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const caller = graph(upstream.url)
    expect(await failureOf(caller.write(accept, as, { mayLeave: () => false }))).toMatchObject({
      kind: 'aborted',
      outcomeUnknown: false,
      transient: true,
    })
    expect(upstream.seen).toEqual([])
    expect(await caller.write(accept, as, atOnce)).toMatchObject({ value: {} })
  })

  test('carries the parameters of a DELETE in its query, and is sent once', async () => {
    const upstream = await startUpstream((response) => void response.writeHead(503).end())
    const remove: Endpoint<unknown> = {
      ...accept,
      method: 'DELETE',
      path: ['1', 'assigned_users'],
      query: { user: '7' },
    }
    expect(await failureOf(graph(upstream.url).write(remove, as, atOnce))).toMatchObject({
      outcomeUnknown: true,
    })
    expect(upstream.seen.map(({ method, url }) => `${method} ${url.split('&')[0]}`)).toEqual([
      'DELETE /v26.0/1/assigned_users?user=7',
    ])
  })
})
