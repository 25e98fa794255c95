import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startChild } from '../support/child.ts'
import { startTestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { gather, joinBySse, joinByWs } from './support/crowd.ts'
import { postAbout, startLoneGateway, tellOf } from './support/lone-gateway.ts'
import { metric, post } from './support/probe.ts'
import { readToEnd, say } from './support/raw.ts'
import { openKnownWire } from './support/socket.ts'

const watch = JSON.stringify({ query: 'subscription { events { __typename } }' })
const json = { 'content-type': 'application/json' }
const sse = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${watch.length}\r\n\r\n${watch}`

async function startSandboxChild(env: Readonly<Record<string, string>> = {}) {
  const child = startChild({ PORT: '0', SIMULATOR_PORT: '0', LOG_LEVEL: 'info', ...env })
  const [, url = ''] = await child.says(/GraphiQL +(http:\S+)\/graphql/)
  const [, simulator = ''] = await child.says(/Simulator +(http:\S+)\/__sim/)
  return { child, url, simulator }
}

async function slowDown(simulator: string, ms: number): Promise<void> {
  const rules = [{ kind: 'latency', path: '/', ms }]
  await fetch(`${simulator}/__sim/faults`, { method: 'POST', headers: json, body: JSON.stringify({ rules }) })
  await fetch(`${simulator}/__sim/requests`, { method: 'DELETE' })
}

async function requestsOf(simulator: string): Promise<{ total: number; byRoute: Record<string, number> }> {
  return (await (await fetch(`${simulator}/__sim/requests`)).json()) as never
}

/** Sends half of a post now. */
async function beginPost(url: string, account: number) {
  const { path, headers, body } = postAbout(account, 1)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n`
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('')}${length}\r\n`
  const socket = await say(url, head + body.slice(0, 50))
  const answer = readToEnd(socket)
  return {
    finish: (): Promise<string> => {
      socket.write(body.slice(50))
      return answer
    },
  }
}

/** Whether it takes no new connections. */
async function refuses(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const refused = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
  })
  socket.destroy()
  return refused
}

/** Sends half of a query now, on a connection that the client would keep. */
async function beginQuery(url: string) {
  const body = JSON.stringify({ query: '{ apps { name } }' })
  const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'
  const socket = await say(url, `${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`)
  const answer = readToEnd(socket)
  return {
    finish: (): Promise<string> => {
      socket.write(body.slice(5))
      return answer
    },
  }
}

describe('a gateway that stops', () => {
  it('closes connections as soon as they are idle, and not when their keep-alive ends', async () => {
    const gateway = await startTestGateway()
    await slowDown(gateway.simulator.url, 1_000)
    const body = JSON.stringify({ query: '{ apps { name } }' })
    const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'
    const client = await say(gateway.url, `${head}Content-Length: ${body.length}\r\n\r\n${body}`)
    await until(async () => (await requestsOf(gateway.simulator.url)).total > 0)
    const closed = gateway.close()
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(String(answer)).toContain('HTTP/1.1 200 OK')
    const answered = performance.now()
    await closed
    // Nobody ends the connection but the gateway, after 5 s when it does not look.
    expect(performance.now() - answered).toBeLessThan(4_000)
  })
})

describe('on SIGTERM the process', () => {
  it('completes streams, closes sockets with 1001 and no word of an end, answers what is under way, refuses what is new, and exits 0', async () => {
    const { child, url, simulator } = await startSandboxChild()
    const streams = Array.from({ length: 50 }, async () => readToEnd(await say(url, sse)))
    const wires = await Promise.all(Array.from({ length: 50 }, () => openKnownWire(url)))
    for (const wire of wires) wire.subscribe('1', 'subscription { events { __typename } }')
    await until(async () => (await metric(url, 'mps_streams')) === 100)
    await slowDown(simulator, 1_500)
    const [asker, late] = await Promise.all([openKnownWire(url), openKnownWire(url)])
    asker.subscribe('q', '{ apps { name } }')
    const inFlight = post(url, '{ apps { solutions(first: 1) { edges { node { name } } } } }')
    // Each asks Graph for what the other does not, so both have begun when both questions are there.
    await until(async () => {
      const { byRoute } = await requestsOf(simulator)
      const routes = Object.keys(byRoute)
      return routes.includes('GET /{app}') && routes.some((route) => route.endsWith('_solutions'))
    })

    child.process.kill('SIGTERM')
    await until(() => refuses(url))
    late.subscribe('1', '{ __typename }')
    expect(await late.inbox.next(({ id }) => id === '1')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SHUTTING_DOWN' } }],
    })

    for (const end of streams) expect(await end).toMatch(/event: complete\ndata:\n\n/)
    for (const wire of wires) {
      expect(await wire.closed).toMatchObject({ code: 1001 })
      expect(wire.inbox.seen.map(({ type }) => type)).toEqual(['connection_ack'])
    }
    expect(await inFlight).toMatchObject({ status: 200, errors: [], data: { apps: [{}, {}] } })
    expect(asker.inbox.seen).toMatchObject([
      {},
      { type: 'next', payload: { data: {} } },
      { type: 'complete' },
    ])
    expect(await child.ended).toBe(0)
    expect(child.stderr()).toBe('')
  })

  it('ends 1,000 streams and 1,000 sockets, in waves, finishes what is under way, and exits 0 within 20 s', async () => {
    await using gateway = await startLoneGateway({ STREAM_HEARTBEAT_SECONDS: '30' })
    const { child, url } = gateway
    const sockets = await gather(1_000, () => joinByWs(url))
    const streams = await gather(1_000, () => joinBySse(url))
    await tellOf(url, 1, 1)
    const told = [...sockets, ...streams]
    await until(async () => told.every(({ seen }) => seen.length === 1))
    // A post that is half here when the signal comes: it belongs to what is under way.
    const webhook = await beginPost(url, 2)

    child.process.kill('SIGTERM')
    await until(() => refuses(url))
    const closes: number[] = []
    for (const { gone } of sockets) void gone.then(() => closes.push(performance.now()))
    expect(await webhook.finish()).toMatch(/^HTTP\/1\.1 200 /)
    for (const { rest, gone } of streams) {
      await gone
      expect(rest.at(-1)).toMatch(/event: complete\ndata:$/)
    }
    for (const { rest, gone } of sockets) {
      expect(await gone).toBe(1001)
      expect(rest).toEqual([])
    }
    // After 20 s it would end itself, and not with 0.
    expect(await child.ended).toBe(0)
    expect(child.stderr()).toBe('')
    // Ten waves a tenth of a second apart; how they arrive depends on this process too.
    expect((closes.at(-1) ?? 0) - (closes[0] ?? 0)).toBeGreaterThan(400)
  })

  it('does not wait for a client that reads nothing and never agrees to close', async () => {
    const { child, url } = await startSandboxChild()
    const wire = await openKnownWire(url)
    wire.socket.pause()
    const stream = await say(url, sse)
    stream.pause()
    await until(async () => (await metric(url, 'mps_streams')) === 2)
    child.process.kill('SIGTERM')
    expect(await child.ended).toBe(0)
    wire.socket.terminate()
    stream.destroy()
  })

  it('goes at once when it is told twice', async () => {
    const { child, url, simulator } = await startSandboxChild()
    await slowDown(simulator, 8_000)
    const inFlight = post(url, '{ apps { name } }').catch(() => 'cut off')
    await until(async () => (await requestsOf(simulator)).total >= 1)
    child.process.kill('SIGTERM')
    await until(() => refuses(url))
    child.process.kill('SIGTERM')
    expect(await child.ended).toBe(1)
    expect(await inFlight).toBe('cut off')
  })
})

describe('with SHUTDOWN_DELAY_SECONDS', () => {
  const long = { SHUTDOWN_DELAY_SECONDS: '3600' }

  it('is not ready after SIGTERM and serves everything for that long, and a second signal ends the wait', async () => {
    const { child, url } = await startSandboxChild(long)
    const wire = await openKnownWire(url)
    wire.subscribe('1', 'subscription { events { __typename } }')
    const stream = readToEnd(await say(url, sse))
    await until(async () => (await metric(url, 'mps_streams')) === 2)

    child.process.kill('SIGTERM')
    await until(async () => (await fetch(`${url}/health/ready`)).status === 503)
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'stopping' })
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect(await post(url, '{ apps { name } }')).toMatchObject({ status: 200, errors: [] })
    const late = await openKnownWire(url)
    late.subscribe('1', '{ __typename }')
    expect(await late.inbox.next(({ id }) => id === '1')).toMatchObject({ type: 'next' })
    const lateStream = readToEnd(await say(url, sse))
    await until(async () => (await metric(url, 'mps_streams')) === 4)

    child.process.kill('SIGTERM')
    expect(await stream).toMatch(/event: complete\ndata:\n\n/)
    expect(await lateStream).toMatch(/event: complete\ndata:\n\n/)
    expect(await wire.closed).toMatchObject({ code: 1001 })
    expect(await late.closed).toMatchObject({ code: 1001 })
    expect(await child.ended).toBe(0)
    expect(child.stderr()).toBe('')
  })

  it('takes no more connections when the wait is over, and answers on each of the others once more', async () => {
    const { child, url, simulator } = await startSandboxChild(long)
    await slowDown(simulator, 1_000)
    child.process.kill('SIGTERM')
    await until(async () => (await fetch(`${url}/health/ready`)).status === 503)
    const whole = await beginQuery(url)
    const answer = whole.finish()
    await until(async () => (await requestsOf(simulator)).total > 0)
    const half = await beginQuery(url)
    await until(async () => (await fetch(`${url}/health/live`)).ok)

    child.process.kill('SIGTERM')
    await until(() => refuses(url))
    for (const text of [await answer, await half.finish()]) {
      expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
      expect(text).toMatch(/\r\nconnection: close\r\n/i)
      expect(text).toContain('"apps":[{"name":')
    }
    expect(await child.ended).toBe(0)
  })

  it('goes at once when it is told a third time', async () => {
    const { child, url, simulator } = await startSandboxChild(long)
    await slowDown(simulator, 8_000)
    const inFlight = post(url, '{ apps { name } }').catch(() => 'cut off')
    await until(async () => (await requestsOf(simulator)).total >= 1)
    child.process.kill('SIGTERM')
    await until(async () => (await fetch(`${url}/health/ready`)).status === 503)
    child.process.kill('SIGTERM')
    await until(() => refuses(url))
    child.process.kill('SIGTERM')
    expect(await child.ended).toBe(1)
    expect(await inFlight).toBe('cut off')
  })
})
