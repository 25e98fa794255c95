import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { injectFaults, metric } from './support/probe.ts'
import { openKnownWire, openWire, upgradeAnswer, upgradeStatus, type Wire } from './support/socket.ts'

const watch = 'subscription { events { __typename } }'
const full = { status: 503, text: expect.stringContaining('"code":"TOO_MANY_SOCKETS"') as string }
const tooMany = { type: 'error', payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] }

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

// Every address of 127.0.0.0/8 leads here: connections from two of them are of two callers.
const from = (localAddress: string) => ({ localAddress })
const sockets = (): Promise<number> => metric(gateway.url, 'mps_streams{transport="ws"}')

async function goes(wires: readonly Wire[]): Promise<void> {
  for (const { socket } of wires) socket.terminate()
  await until(async () => (await sockets()) === 0)
}

/** Whether the socket has an operation answered. */
async function lives(wire: Wire): Promise<boolean> {
  wire.subscribe('alive', '{ __typename }')
  const { type } = await wire.inbox.next(({ id }) => id === 'alive')
  return type === 'next' && (await wire.inbox.next(({ id }) => id === 'alive')).type === 'complete'
}

describe('sockets that have not said who they are', () => {
  const strangers = (address: string, count: number): Promise<Wire[]> =>
    Promise.all(Array.from({ length: count }, () => openWire(gateway.url, from(address))))

  it('are 50 at most from one address: the next is refused, and those of others are let in', async () => {
    const wires = await strangers('127.0.0.1', 50)
    expect(await upgradeAnswer(gateway.url, from('127.0.0.1'))).toMatchObject(full)
    expect(await upgradeStatus(gateway.url, from('127.0.0.2'))).toBe(101)
    await goes(wires)
    expect(await upgradeStatus(gateway.url, from('127.0.0.1'))).toBe(101)
  })

  it('are 100 at most in all', async () => {
    const wires = [...(await strangers('127.0.0.1', 50)), ...(await strangers('127.0.0.2', 50))]
    expect(await upgradeAnswer(gateway.url, from('127.0.0.3'))).toMatchObject(full)
    await goes(wires)
    expect(await upgradeStatus(gateway.url, from('127.0.0.3'))).toBe(101)
  })

  it('do not stand in the way when they have said it', async () => {
    const wires: Wire[] = []
    for (let n = 0; n < 120; n++) wires.push(await openKnownWire(gateway.url))
    expect(await upgradeStatus(gateway.url)).toBe(101)
    await goes(wires)
  })

  it('of 1,000 that come at once and say nothing 50 are let in, and closed with 4408 after a while', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, () => {
        const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'])
        return new Promise<number>((resolve) => {
          socket.on('close', resolve)
          socket.on(
            'unexpected-response',
            (_, response) => (response.destroy(), resolve(response.statusCode ?? 0)),
          )
          socket.on('error', () => {})
        })
      }),
    )
    const count = (outcome: number): number => outcomes.filter((one) => one === outcome).length
    expect([count(4408), count(503)]).toEqual([50, 950])
    expect(await upgradeStatus(gateway.url)).toBe(101)
  })
})

describe('an upgrade that carries the key', () => {
  it('is let in beside 50 strangers of its address, takes no place of theirs, and a wrong key is a stranger', async () => {
    await using keyed = await startTestGateway({ apiKey: 'the-key-of-the-gateway' })
    const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
    const right = withKey('the-key-of-the-gateway')
    const early = await openWire(keyed.url, right)
    const strangers = await Promise.all(Array.from({ length: 50 }, () => openWire(keyed.url)))
    expect(await upgradeAnswer(keyed.url)).toMatchObject(full)
    expect(await upgradeAnswer(keyed.url, withKey('another-key'))).toMatchObject(full)
    const late = await openKnownWire(keyed.url, undefined, right)
    expect(await lives(late)).toBe(true)
    for (const { socket } of [early, late, ...strangers]) socket.terminate()
  })
})

describe('operations', () => {
  it('are 50 at most on a socket: the next gets an error, and all others go on', async () => {
    const wire = await openKnownWire(gateway.url)
    for (let n = 0; n < 50; n++) wire.subscribe(`s${n}`, watch)
    for (let n = 0; n < 200; n++) wire.subscribe(`more ${n}`, watch)
    for (let n = 0; n < 200; n++)
      expect(await wire.inbox.next()).toMatchObject({ ...tooMany, id: `more ${n}` })
    wire.send({ type: 'complete', id: 's0' })
    expect(await lives(wire)).toBe(true)
    await goes([wire])
  })

  it('count until they have ended, also those that their client no longer waits for', async () => {
    const wire = await openKnownWire(gateway.url)
    const slow = { kind: 'latency', path: '/', ms: 1_000 }
    await injectFaults(gateway, slow)
    for (let n = 0; n < 100; n++) {
      wire.subscribe(`slow ${n}`, '{ apps { name } }')
      wire.send({ type: 'complete', id: `slow ${n}` })
    }
    wire.subscribe('one more', watch)
    expect(await wire.inbox.next()).toMatchObject({ ...tooMany, id: 'one more' })
    await injectFaults(gateway)
    await until(() => lives(wire))
    await goes([wire])
  })

  it('are 10,000 at most of one caller: those of others are let in, and end makes room', async () => {
    const wires: Wire[] = []
    for (let n = 0; n < 200; n++) {
      const wire = await openKnownWire(gateway.url)
      for (let id = 0; id < 50; id++) wire.subscribe(String(id), watch)
      wires.push(wire)
    }
    const [last, other] = [
      await openKnownWire(gateway.url),
      await openKnownWire(gateway.url, undefined, from('127.0.0.2')),
    ]
    last.subscribe('one more', watch)
    expect(await last.inbox.next()).toMatchObject({ ...tooMany, id: 'one more' })
    expect(await lives(other)).toBe(true)
    wires[0]?.send({ type: 'complete', id: '0' })
    await until(() => lives(last))
    await goes([...wires, last, other])
    const after = await openKnownWire(gateway.url)
    expect(await lives(after)).toBe(true)
    await goes([after])
  })
})
