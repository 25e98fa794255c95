import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlOf } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { injectFaults, metric, post } from './support/probe.ts'
import { openKnownWire, openWire, upgradeStatus, type Wire } from './support/socket.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const watch = 'subscription { events { __typename } }'
const open = (protocol?: string[]): Promise<Wire> => openWire(gateway.url, {}, protocol)
const known = (): Promise<Wire> => openKnownWire(gateway.url)
const apps = { data: { apps: [{ appId: '21202248997039' }, { appId: '637576208107267' }] } }

/** True while the socket answers operations. */
async function lives(wire: Wire): Promise<boolean> {
  wire.subscribe('alive', '{ apps { appId } }')
  const answer = await wire.inbox.next(({ id, type }) => id === 'alive' && type === 'next')
  return JSON.stringify(answer.payload) === JSON.stringify(apps)
}

describe('a socket is closed with', () => {
  it('4406 without the subprotocol', async () => {
    expect(await (await open([])).closed).toMatchObject({ code: 4406 })
  })

  it('4401 for an operation before it was let in', async () => {
    const wire = await open()
    wire.subscribe('1', '{ __typename }')
    expect(await wire.closed).toMatchObject({ code: 4401 })
  })

  it('4429 for a second init', async () => {
    const wire = await known()
    wire.send({ type: 'connection_init' })
    expect(await wire.closed).toMatchObject({ code: 4429 })
  })

  it('4409 for an id that is in use', async () => {
    const wire = await known()
    wire.subscribe('1', watch)
    wire.subscribe('1', watch)
    expect(await wire.closed).toMatchObject({ code: 4409 })
  })

  it.each([
    ['no JSON', 'hello'],
    ['an unknown type', { type: 'start', id: '1', payload: { query: '{__typename}' } }],
    ['no type', {}],
    ['a list', []],
    ['null', 'null'],
    ['an operation without id', { type: 'subscribe', payload: { query: '{__typename}' } }],
    ['an operation with an empty id', { type: 'subscribe', id: '', payload: { query: '{__typename}' } }],
    ['an operation without payload', { type: 'subscribe', id: '1' }],
    ['a query that is no text', { type: 'subscribe', id: '1', payload: { query: 1 } }],
    [
      'variables that are no object',
      { type: 'subscribe', id: '1', payload: { query: '{__typename}', variables: 1 } },
    ],
  ])('4400 for %s', async (_, message) => {
    const wire = await known()
    wire.send(message)
    expect(await wire.closed).toMatchObject({ code: 4400 })
  })

  it('4400 for a binary frame, even of JSON', async () => {
    const wire = await known()
    wire.socket.send(Buffer.from('{"type":"ping"}'))
    expect(await wire.closed).toMatchObject({ code: 4400 })
  })

  it('1009 for a frame over 64 KB, whatever it holds', async () => {
    const wire = await known()
    wire.subscribe('1', `{ __typename } #${'x'.repeat(65_536)}`)
    expect(await wire.closed).toMatchObject({ code: 1009 })
  })

  it('1009 for a message of many fragments that become more than 64 KB', async () => {
    const wire = await known()
    for (let sent = 0; sent < 70; sent++) wire.socket.send('x'.repeat(1_000), { fin: false })
    expect(await wire.closed).toMatchObject({ code: 1009 })
  })

  it('1002 for a ping frame that is larger than the protocol has it', async () => {
    const wire = await known()
    const { socket } = wire as unknown as { socket: { _socket: { write(data: Buffer): void } } }
    socket._socket.write(Buffer.from([0x89, 0xfe, 0xff, 0xff, 0, 0, 0, 0]))
    expect((await wire.closed).code).toBe(1002)
  })

  it('1008 for a flood of ping messages, and whoever sends them', async () => {
    for (const wire of [await open(), await known()]) {
      for (let sent = 0; sent < 200; sent++) wire.send({ type: 'ping' })
      expect(await wire.closed).toMatchObject({ code: 1008 })
    }
  })

  it('1008 for a flood of ping frames and messages together', async () => {
    const wire = await known()
    for (let sent = 0; sent < 50; sent++) {
      wire.socket.ping()
      wire.send({ type: 'ping' })
    }
    expect(await wire.closed).toMatchObject({ code: 1008 })
  })

  it('1008 for a flood of ping frames', async () => {
    const wire = await known()
    for (let sent = 0; sent < 200; sent++) wire.socket.ping()
    expect(await wire.closed).toMatchObject({ code: 1008 })
  })
})

describe('a socket', () => {
  it('names the operation of its document that is to run, as over HTTP', async () => {
    const wire = await known()
    const query =
      'query A { apps { name } } query B { apps { appId } } subscription C { events { __typename } }'
    for (const operationName of ['B', 'C'])
      wire.send({ type: 'subscribe', id: operationName, payload: { query, operationName } })
    expect((await wire.inbox.next(({ id }) => id === 'B')).payload).toMatchObject(apps)
    expect(await lives(wire)).toBe(true)
    expect(wire.inbox.seen.filter(({ type }) => type === 'error')).toEqual([])
    wire.socket.close()
  })

  it('has its ping echoed', async () => {
    const wire = await known()
    wire.send({ type: 'ping', payload: { n: 1 } })
    expect(await wire.inbox.next()).toEqual({ type: 'pong', payload: { n: 1 } })
    wire.socket.close()
  })

  it('has a ping answered without what it carries when that is long', async () => {
    const wire = await known()
    wire.send({ type: 'ping', payload: { long: 'x'.repeat(200) } })
    expect(await wire.inbox.next()).toEqual({ type: 'pong' })
    wire.socket.close()
  })

  it('is answered all that it asked, however much that is, when it reads', async () => {
    const wire = await known()
    const ids = Array.from({ length: 40 }, (_, n) => `${n}${'x'.repeat(60_000)}`)
    for (const id of ids) wire.subscribe(id, '{ __typename }')
    for (const id of ids) await wire.inbox.next((message) => message.id === id && message.type === 'complete')
    expect(await lives(wire)).toBe(true)
    wire.socket.close()
  })

  it.each([
    ['cannot be read', '{', {}],
    ['does not fit the schema', '{ nope }', {}],
    ['has a variable that does not fit', 'query ($id: ID!) { app(id: $id) { id } }', {}],
    ['names no operation of several', 'query A { __typename } query B { __typename }', {}],
    ['is too large', `{ ${'__typename '.repeat(2_000)} }`, {}],
    ['is a subscription with a forged cursor', 'subscription { events(after: "forged") { __typename } }', {}],
  ])('goes on with its other operations when one %s', async (_, query, variables) => {
    const wire = await known()
    wire.subscribe('going on', watch)
    wire.subscribe('bad', query, variables)
    const { type, payload } = await wire.inbox.next(({ id }) => id === 'bad')
    const errors = (type === 'error' ? payload : (payload as { errors: unknown }).errors) as unknown[]
    expect(errors[0]).toMatchObject({
      message: expect.any(String) as string,
      extensions: { code: expect.any(String) as string },
    })
    expect(await lives(wire)).toBe(true)
    expect(wire.inbox.seen.filter(({ id }) => id === 'going on')).toEqual([])
    wire.socket.close()
  })

  it('goes on with its other operations when a resolver of one fails in mid-stream, and so does that one', async () => {
    const wire = await known()
    await create('Watched in trouble')
    const solutionId = gateway.simulator.state().solutions[0]?.id ?? ''
    const ofThat = `filter: {solutionId: "${solutionId}", sources: [WEBHOOK]}`
    wire.subscribe(
      'neighbour',
      `subscription { events(${ofThat}) { ... on SolutionEvent { status: kind } } }`,
    )
    wire.subscribe('hit', `subscription { events(${ofThat}) { ... on SolutionEvent { solution { name } } } }`)
    expect(await lives(wire)).toBe(true)
    const results: unknown[] = []
    for (const faults of [[], [{ kind: 'error', method: 'GET', path: '/', code: 190 }], []]) {
      await injectFaults(gateway, ...faults)
      await webhookAbout(solutionId)
      results.push((await wire.inbox.next(({ id }) => id === 'hit')).payload)
    }
    const sound = { data: { events: { solution: { name: expect.any(String) as string } } } }
    const failed = [{ path: ['events', 'solution'], extensions: { code: 'TOKEN_INVALID' } }]
    expect(results).toMatchObject([sound, { data: { events: { solution: null } }, errors: failed }, sound])
    const others = wire.inbox.seen.filter(({ id }) => id === 'neighbour')
    expect(others).toHaveLength(3)
    for (const { payload } of others) expect(payload).toMatchObject({ data: { events: {} } })
    wire.socket.close()
  })

  it('may use an id again when its operation has ended', async () => {
    const wire = await known()
    expect([await lives(wire), await lives(wire)]).toEqual([true, true])
    wire.socket.close()
  })

  it('gets nothing more of an operation that it has completed', async () => {
    const wire = await known()
    wire.subscribe('stopped', watch)
    wire.subscribe('kept', watch)
    expect(await lives(wire)).toBe(true)
    wire.send({ type: 'complete', id: 'stopped' })
    await create('Completed')
    expect(await wire.inbox.next(({ type }) => type === 'next')).toMatchObject({ id: 'kept' })
    expect(await lives(wire)).toBe(true)
    expect(wire.inbox.seen.filter(({ id }) => id === 'stopped')).toEqual([])
    wire.socket.close()
  })

  it('is refused with 403 to a foreign page', async () => {
    expect(await upgradeStatus(gateway.url, { headers: { origin: 'https://evil.example' } })).toBe(403)
  })

  it('that is refused does not stay, though its client never goes', async () => {
    const { hostname, port } = new URL(gateway.url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    socket.write(
      'GET /elsewhere HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /)
    const knocking = setInterval(() => socket.write('x'), 100)
    const refused = await new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve))
    clearInterval(knocking)
    expect(refused.code).toMatch(/^(?:ECONNRESET|EPIPE)$/)
    socket.destroy()
  })

  it('takes nothing along when it breaks off in the middle of a frame', async () => {
    const wire = await known()
    wire.subscribe('1', watch)
    const { socket } = wire as unknown as { socket: { _socket: { write(data: Buffer): void } } }
    socket._socket.write(Buffer.from([0x81, 0xfe, 0x10, 0x00]))
    wire.socket.terminate()
    await until(async () => (await metric(gateway.url, 'mps_streams{transport="ws"}')) === 0)
    const next = await known()
    expect(await lives(next)).toBe(true)
    next.socket.close()
  })
})

async function create(name: string): Promise<void> {
  const input = `appId: "637576208107267", name: "${name}", partnerAppId: "21202248997039", messaging: OWNER`
  const reply = await post(gateway.url, `mutation { createSolution(input: { ${input} }) { __typename } }`)
  expect(reply.data).toEqual({ createSolution: { __typename: 'CreateSolutionPayload' } })
}

let time = 1_750_000_000

async function webhookAbout(solutionId: string): Promise<void> {
  const value = { event: 'SOLUTION_UPDATED', solution_id: solutionId, solution_status: 'ACTIVE' }
  const entry = [{ id: '506914307656634', time: time++, changes: [{ field: 'partner_solutions', value }] }]
  const body = { object: 'whatsapp_business_account', entry }
  expect(await controlOf(gateway.simulator.url).webhook('21202248997039', body)).toEqual([200])
}
