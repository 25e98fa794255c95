import { describe, expect, it } from 'vitest'
import { flood, frame, openDeafSocket } from './support/deaf-socket.ts'
import { startLoneGateway, tidy } from './support/lone-gateway.ts'
import { metric, until } from './support/probe.ts'

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
