import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { metric, post } from './support/probe.ts'
import { readToEnd, say, statusOf } from './support/raw.ts'
import { openKnownWire, openWire } from './support/socket.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ logLevel: 'warn' })
})
afterAll(() => gateway.close())

const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'

/** Sends a byte now and then, as long as anybody takes it. */
function dribble(socket: Awaited<ReturnType<typeof say>>): void {
  const timer = setInterval(() => socket.write('x'), 300)
  socket.once('close', () => clearInterval(timer))
}

// Real limits, so real seconds; all at once.
describe.concurrent('who takes for ever', () => {
  it('over headers is answered 408 and cut off, and others do not notice', async () => {
    const slow = await say(gateway.url, `${head}X-Slow: `)
    dribble(slow)
    expect((await post(gateway.url, '{ apps { appId } }')).status).toBe(200)
    expect(statusOf(await readToEnd(slow))).toBe(408)
  })

  it.each([
    ['a body', `${head}Content-Length: 5000\r\n\r\n{`],
    ['a large body', `${head}Content-Length: 90000\r\n\r\n{`],
    ['a chunked body', `${head}Transfer-Encoding: chunked\r\n\r\nfff\r\n{`],
    [
      'a document',
      `POST /documents HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Mps-Csrf: 1\r\nContent-Length: 5000\r\n\r\n%PDF`,
    ],
    [
      'a webhook',
      `POST /webhooks/637576208107267 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\nContent-Length: 5000\r\n\r\n{`,
    ],
  ])(
    'over %s is answered 408 with the reason and cut off, and others do not notice',
    async (_, beginning) => {
      const slow = await say(gateway.url, beginning)
      dribble(slow)
      expect((await post(gateway.url, '{ apps { appId } }')).status).toBe(200)
      const answer = await readToEnd(slow)
      expect(statusOf(answer)).toBe(408)
      expect(answer).toMatch(/^connection: close\r$/im)
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
        errors: [{ extensions: { code: 'REQUEST_TIMEOUT' } }],
      })
      expect(await metric(gateway.url, 'mps_refused_total{what="slow-body"}')).toBeGreaterThan(0)
      expect(gateway.logLines.filter((line) => line.includes('"level":50'))).toEqual([])
    },
  )

  it('and yet sends enough has the document taken after more than ten seconds', async () => {
    const size = 300_000
    const upload = await say(
      gateway.url,
      `POST /documents HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Mps-Csrf: 1\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n%PDF-1.7`,
    )
    const answer = readToEnd(upload)
    const sizes = Array.from({ length: 60 }, (_, n) => (n < 59 ? 5_000 : size - 8 - 59 * 5_000))
    const timer = setInterval(() => {
      const next = sizes.shift()
      if (next === undefined) clearInterval(timer)
      else upload.write(Buffer.alloc(next))
    }, 200)
    expect(statusOf(await answer)).toBe(201)
  })

  it('to ask again over an idle connection finds it as it was, and was told for how long it is kept', async () => {
    const ask = 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
    const [idle, slow] = [
      await say(gateway.url, ask),
      await say(gateway.url, `${head}Content-Length: 5000\r\n\r\n{`),
    ]
    expect(String((await once(idle, 'data'))[0])).toMatch(/^Keep-Alive: timeout=75\r$/m)
    dribble(slow)
    await readToEnd(slow)
    idle.write(ask)
    expect(statusOf(String((await once(idle, 'data'))[0]))).toBe(200)
    idle.destroy()
  })

  it('to say who they are is cut off with 4408', async () => {
    const { closed } = await openWire(gateway.url)
    expect(await closed).toMatchObject({ code: 4408 })
  })

  it('to have news for a stream pings it meanwhile, so that nobody between thinks it dead', async () => {
    const body = JSON.stringify({ query: 'subscription { events { __typename } }' })
    const stream = await say(
      gateway.url,
      `${head}Accept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await new Promise<void>((resolve) =>
      stream.on('data', (chunk) => /^:\r?\n/m.test(String(chunk)) && resolve()),
    )
    stream.destroy()
    expect(stream.destroyed).toBe(true)
  })

  it('to answer a ping has their socket ended, and their stream with it, whatever else they say', async () => {
    const wire = await openKnownWire(gateway.url)
    wire.subscribe('1', 'subscription { events { __typename } }')
    wire.socket.pause()
    const unasked = setInterval(() => wire.socket.pong(), 200)
    const other = await openKnownWire(gateway.url)
    await until(async () => (await streams()) <= 1)
    expect(await streams()).toBe(1)
    expect(other.socket.readyState).toBe(other.socket.OPEN)
    clearInterval(unasked)
    other.socket.terminate()
    wire.socket.terminate()
  })
})

async function streams(): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text()
  return Number(/^mps_streams\{transport="ws"\} (\d+)/m.exec(text)?.[1])
}
