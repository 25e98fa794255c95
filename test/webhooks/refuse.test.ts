import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bodyOf, post, secret, sign, startGateway, update } from './gateway.ts'

const body = bodyOf([update('ACCOUNT_DELETED')])

type Gateway = Awaited<ReturnType<typeof startGateway>>

function expectNothingKept(gateway: Gateway, reason: string): void {
  expect(gateway.appends).toEqual([])
  expect(gateway.counts.get(`refused ${reason}`)).toBe(1)
  expect(gateway.logs.join('\n')).not.toContain('ACCOUNT_DELETED')
  expect(gateway.logs.join('\n')).not.toContain(secret)
}

async function textOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

describe('a post is refused', () => {
  it.each([
    ['no signature', ''],
    ['the signature of another secret', sign(body, 'another')],
    ['the signature of another body', sign(`${body} `)],
    ['a signature cut short', sign(body).slice(0, -1)],
    ['the old sha1 form', `sha1=${sign(body).slice(7, 47)}`],
  ])('with 401 for %s', async (_, signature) => {
    await using gateway = await startGateway()
    const response = await post(gateway.url, body, { 'x-hub-signature-256': signature })
    expect(response.status).toBe(401)
    expectNothingKept(gateway, 'signature')
  })

  it('with 401 for no signature header at all', async () => {
    await using gateway = await startGateway()
    const headers = { 'content-type': 'application/json', 'x-hub-signature': 'sha1=00' }
    expect((await fetch(gateway.url, { method: 'POST', body, headers })).status).toBe(401)
    expectNothingKept(gateway, 'signature')
  })

  it('with 401 for two signature headers, even two right ones', async () => {
    await using gateway = await startGateway()
    const socket = await gateway.connect()
    const header = `X-Hub-Signature-256: ${sign(body)}\r\n`
    socket.write(
      `POST ${new URL(gateway.url).pathname} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}${header}` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 401 /)
    expectNothingKept(gateway, 'signature')
  })

  it('with 415 for any content encoding, which is never undone', async () => {
    await using gateway = await startGateway()
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    expect((await post(gateway.url, bomb, { 'content-encoding': 'gzip' })).status).toBe(415)
    expectNothingKept(gateway, 'content encoding')
    for (const encoding of ['br', 'identity', 'x']) {
      expect((await post(gateway.url, body, { 'content-encoding': encoding })).status).toBe(415)
    }
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('with 415 for the content type %s', async (type) => {
    await using gateway = await startGateway()
    expect((await post(gateway.url, body, { 'content-type': type })).status).toBe(415)
    expectNothingKept(gateway, 'content type')
  })

  it.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'])('with 405 for the method %s', async (method) => {
    await using gateway = await startGateway()
    const response = await fetch(gateway.url, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })

  it('with 404 for an app that is not configured, whatever its name', async () => {
    await using gateway = await startGateway()
    for (const appId of ['1', '__proto__', 'constructor', '%00']) {
      expect((await post(`${gateway.bareUrl}/${appId}`, body)).status).toBe(404)
    }
    expect(gateway.counts.size).toBe(0)
  })
})

describe('a post that cannot be signed', () => {
  it.each([
    ['without a signature', ''],
    ['with a signature that is none', 'X-Hub-Signature-256: sha256=00\r\n'],
  ])('is answered %s before its body, and its connection ends', async (_, header) => {
    await using gateway = await startGateway()
    const socket = await gateway.connect()
    // The server's own limit for a body that does not come is minutes away.
    socket.write(
      `POST ${new URL(gateway.url).pathname} HTTP/1.1\r\nHost: a\r\n${header}Content-Length: 3400000\r\n\r\nx`,
    )
    expect(await textOf(socket)).toMatch(
      /^HTTP\/1.1 401 [^]*\r\nconnection: close\r\n[^]*refused: signature\n$/i,
    )
    expectNothingKept(gateway, 'signature')
  })

  it('has its answer read although more of it is under way', async () => {
    await using gateway = await startGateway()
    for (let times = 0; times < 20; times++) {
      const headers = { 'x-hub-signature-256': '' }
      expect((await post(gateway.url, 'x'.repeat(3_400_000), headers)).status).toBe(401)
    }
  })
})

describe('a post is accepted', () => {
  it.each(['application/json', 'application/json; charset=UTF-8', 'Application/JSON ;x=y'])(
    'with the content type %s',
    async (type) => {
      await using gateway = await startGateway()
      expect((await post(gateway.url, body, { 'content-type': type })).status).toBe(200)
    },
  )

  it('without a content type, since the signature vouches for it', async () => {
    await using gateway = await startGateway()
    const headers = { 'x-hub-signature-256': sign(body) }
    const response = await fetch(gateway.url, { method: 'POST', body: Buffer.from(body), headers })
    expect(response.status).toBe(200)
    expect(gateway.stored.size).toBe(1)
  })
})

describe('the size of a post', () => {
  const padded = (size: number): string => {
    const empty = bodyOf([update('ACCOUNT_VIOLATION', { pad: '' })])
    return bodyOf([update('ACCOUNT_VIOLATION', { pad: 'x'.repeat(size - empty.length) })])
  }

  it('may be up to 3.5 MB', async () => {
    await using gateway = await startGateway()
    expect((await post(gateway.url, padded(3_500_000))).status).toBe(200)
    expect(gateway.stored.size).toBe(1)
  })

  it('is refused with 413 one byte above, announced or in chunks', async () => {
    await using gateway = await startGateway()
    const text = padded(3_500_001)
    expect((await post(gateway.url, text)).status).toBe(413)
    expectNothingKept(gateway, 'too large')
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(text) }
    const chunked = request(gateway.url, { method: 'POST', headers })
    chunked.on('error', () => undefined).write(text.slice(0, 1_000_000))
    chunked.end(text.slice(1_000_000))
    const [response] = (await once(chunked, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
  })

  it('is refused by its announcement alone, before any of the body', async () => {
    await using gateway = await startGateway()
    const socket = await gateway.connect()
    socket.write(
      `POST ${new URL(gateway.url).pathname} HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: ${sign(body)}\r\n` +
        'Content-Length: 1000000000\r\n\r\n',
    )
    const [first] = (await once(socket, 'data')) as [Buffer]
    expect(first.toString()).toMatch(/^HTTP\/1.1 413 /)
    socket.destroy()
  })

  it('without end is cut off after the 413, and little of it was taken', async () => {
    await using gateway = await startGateway()
    const socket = await gateway.connect()
    let answer = ''
    socket.on('data', (data: Buffer) => (answer += data.toString()))
    socket.write(
      `POST ${new URL(gateway.url).pathname} HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: ${sign(body)}\r\n` +
        'Transfer-Encoding: chunked\r\n\r\n',
    )
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')])
    const closed = once(socket, 'close')
    let taken = 0
    while (!socket.destroyed && taken < 1_000_000_000) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), closed]).catch(() => undefined)
      taken += chunk.length
    }
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    // The limit, what may follow a refusal, and the buffers of both sockets.
    expect(taken).toBeLessThan(30_000_000)
    expectNothingKept(gateway, 'too large')
  })

  it('says nothing about a body that stops half way: the server gives up and nothing is kept', async () => {
    const server = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 20 }
    await using gateway = await startGateway({ server })
    const socket = await gateway.connect()
    socket.write(
      `POST ${new URL(gateway.url).pathname} HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: ${sign(body)}\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    )
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 408 /)
    expectNothingKept(gateway, 'aborted')
    expect((await post(gateway.url, body)).status).toBe(200)
  })
})

describe('what a stranger wrote', () => {
  it('shows in the log on one line, cut and without control characters', async () => {
    await using gateway = await startGateway()
    const event = 'E\u001b[2J\u2028'
    const changes = [
      { field: 'new_field', value: { event } },
      { field: 'new\n{"level":"fatal"}', value: { event: 'x' } },
      { field: 'x'.repeat(100), value: 'private' },
      { field: 'new_field', value: { event: 'PRIVATE'.repeat(20_000) } },
    ]
    expect((await post(gateway.url, bodyOf(changes))).status).toBe(200)
    const text = gateway.logs.join('')
    expect(text).toContain('new_field')
    // Control characters are just what must not be there, so the pattern has to name them.
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u001f\u2028]|fatal|private/i)
    expect(text.length).toBeLessThan(1000)
  })
})
