import { describe, expect, it } from 'vitest'
import { flood, frame, openDeafSocket } from './support/deaf-socket.ts'
import { startLoneGateway, tidy } from './support/lone-gateway.ts'
import { metric } from './support/probe.ts'
import { openKnownWire } from './support/socket.ts'
import { startTestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

const [most, little] = [360_000_000, 120_000_000]
const long = 'a'.repeat(60_000)
let asked = 0
const ask = (query: string) => () => frame({ type: 'subscribe', id: `${asked++}${long}`, payload: { query } })

// Who reads nothing is ended when it has not answered a ping, which takes some seconds; all at once.
describe.concurrent('who reads no answers, and asks without end,', () => {
  it.each<[string, 'stranger' | 'known', () => Buffer]>([
    ['for pongs', 'known', () => frame({ type: 'ping', payload: { long } })],
    ['for pongs before it has said who it is', 'stranger', () => frame({ type: 'ping', payload: { long } })],
    ['for operations', 'known', ask('{ __typename }')],
    ['for operations that are refused', 'known', ask('{ nope }')],
  ])('%s, costs little memory and is ended', async (_, as, data) => {
    await using gateway = await startLoneGateway(tidy)
    const before = gateway.memory()
    const socket = await openDeafSocket(gateway.url, as)
    let peak = 0
    const look = setInterval(() => (peak = Math.max(peak, gateway.memory())), 20)
    await flood(socket, data, most)
    clearInterval(look)
    expect(peak - before).toBeLessThan(little)
    await until(async () => (await metric(gateway.url, 'mps_streams')) === 0)
    socket.destroy()
  })
})

describe('who reads no answers for a while', () => {
  it('is read again when it has taken them, and has an answer to everything it asked meanwhile', async () => {
    await using gateway = await startTestGateway()
    const { socket, subscribe } = await openKnownWire(gateway.url)
    const answered = new Set<string>()
    socket.on('message', (data: Buffer) => {
      const { type, id } = JSON.parse(String(data)) as { type: string; id?: string }
      if (id !== undefined && type !== 'next') answered.add(id)
    })
    socket.pause()
    const ids = Array.from({ length: 400 }, (_, n) => `${n}${long}`)
    for (const id of ids) subscribe(id, '{ __typename }')
    // The gateway reads no further: what waits here to be sent becomes no less, however often one looks.
    let [waiting, looks] = [0, 0]
    await until(async () => {
      looks = waiting > 0 && socket.bufferedAmount === waiting ? looks + 1 : 0
      waiting = socket.bufferedAmount
      return looks === 20
    })
    socket.resume()
    await until(async () => answered.size === ids.length || socket.readyState !== socket.OPEN)
    expect(answered.size).toBe(ids.length)
    expect(socket.bufferedAmount).toBe(0)
    socket.terminate()
  })
})
