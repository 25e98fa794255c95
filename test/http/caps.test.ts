import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { injectFaults, metric } from './support/probe.ts'
import { say } from './support/raw.ts'
import { openKnownWire, type Wire } from './support/socket.ts'

const watch = 'subscription { events { __typename } }'
const tooMany = { type: 'error', payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] }

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({
    trustedProxies: readConfig({ TRUSTED_PROXIES: '127.0.0.9' }).trustedProxies,
  })
})
afterAll(() => gateway.close())

// Every address of 127.0.0.0/8 leads here: connections from two of them are of two callers.
const from = (localAddress: string) => ({ localAddress })
/** The same through a proxy that is trusted. */
const named = (caller: string) => ({
  ...from('127.0.0.9'),
  headers: { 'x-forwarded-for': caller },
})
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
  /** Opens so many and says nothing. Raw: what a client library costs is not what is asked here. */
  const strangers = async (count: number): Promise<Socket[]> => {
    const opened: Socket[] = []
    while (opened.length < count) {
      opened.push(...(await Promise.all(Array.from({ length: 50 }, () => say(gateway.url, upgrade)))))
      await until(() => opened.every(({ bytesRead }) => bytesRead > 0))
    }
    return opened
  }
  const upgrade = [
    'GET /graphql HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    '\r\n',
  ].join('\r\n')

  it('keep nobody out who says it, however many they are, of whatever address', async () => {
    const silent = await strangers(300)
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      const wire = await openKnownWire(gateway.url, undefined, from(address))
      expect(await lives(wire)).toBe(true)
      wire.socket.terminate()
    }
    for (const socket of silent) socket.destroy()
    await goes([])
  })
})

describe('operations', () => {
  it('are 50 at most on a socket: the next gets an error, and all others go on', async () => {
    const wire = await openKnownWire(gateway.url)
    for (let n = 0; n < 50; n++) wire.subscribe(`s${n}`, watch)
    for (let n = 0; n < 200; n++) wire.subscribe(`more ${n}`, watch)
    for (let n = 0; n < 200; n++)
      expect(await wire.inbox.next()).toMatchObject({ ...tooMany, id: `more ${n}` })
    expect(await metric(gateway.url, 'mps_refused_total{what="operation"}')).toBe(200)
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

  it.each([
    ['of one address', from('127.0.0.1'), from('127.0.0.2')],
    ['whom a trusted proxy names', named('127.0.1.1'), named('127.0.1.2')],
  ])(
    'are 10,000 at most of one caller %s: those of others are let in, and an end makes room',
    async (_, one, another) => {
      const wires: Wire[] = []
      for (let n = 0; n < 200; n++) {
        const wire = await openKnownWire(gateway.url, undefined, one)
        for (let id = 0; id < 50; id++) wire.subscribe(String(id), watch)
        wires.push(wire)
      }
      const [last, other] = [
        await openKnownWire(gateway.url, undefined, one),
        await openKnownWire(gateway.url, undefined, another),
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
    },
  )
})
