import { describe, expect, it } from 'vitest'
import { counting, countsOf } from './support/counts.ts'
import { gather, joinBySse, joinByWs, type Member } from './support/crowd.ts'
import { startLoneGateway, tellOf, tidy } from './support/lone-gateway.ts'
import { until } from '../support/until.ts'
import { metric } from './support/probe.ts'

const first = 980_000_000_000_000
const accounts = (count: number, from = first): number[] => Array.from({ length: count }, (_, n) => from + n)

const hasAll = (members: readonly Member[], count: number) => async (): Promise<boolean> =>
  members.every(({ seen }) => seen.length >= count)

/** One look at each: thousands of numbers are not for a diff. */
function faults(members: readonly Pick<Member, 'seen'>[], expected: readonly number[]): string[] {
  return members.flatMap(({ seen }, index) => {
    const at = expected.findIndex((id, place) => seen[place] !== id)
    const wrong = at === -1 ? seen.length > expected.length : true
    return wrong ? [`subscriber ${index}: ${seen.length} items, the first wrong one at ${at}`] : []
  })
}

describe('a burst of 5,000 events in one tick', () => {
  it('reaches every subscriber over SSE and WebSocket: all of it, once and in order', async () => {
    await using gateway = await startLoneGateway()
    const members = [
      ...(await gather(10, () => joinByWs(gateway.url))),
      ...(await gather(10, () => joinBySse(gateway.url))),
    ]
    await tellOf(gateway.url, first, 5_000)
    await until(hasAll(members, 5_000))
    await tellOf(gateway.url, first + 5_000, 1)
    await until(hasAll(members, 5_001))
    expect(faults(members, accounts(5_001))).toEqual([])
    for (const { leave } of members) leave()
  })
})

describe('readers that stop reading', () => {
  // Each event is large, so that what is kept for a reader that stands still would soon be seen.
  const [posts, each, size] = [40, 50, 4_000]
  const large = '... on ClientWabaEvent { wabaId details }'

  it('cost the others nothing and the gateway little, and go on where they stood when they read again', async () => {
    await using gateway = await startLoneGateway(tidy)
    const running = [
      ...(await gather(15, () => joinByWs(gateway.url, large))),
      ...(await gather(15, () => joinBySse(gateway.url, large))),
    ]
    const streams = await gather(15, () => joinBySse(gateway.url, large))
    const sockets = await gather(15, () => joinByWs(gateway.url, large))
    const standing = [...streams, ...sockets]
    await tellOf(gateway.url, first, each, size)
    await until(hasAll([...running, ...standing], each))
    for (const { stall } of standing) stall()
    const before = gateway.memory()
    for (let post = 1; post < posts; post++) await tellOf(gateway.url, first + post * each, each, size)
    await until(hasAll(running, posts * each))
    expect(faults(running, accounts(posts * each))).toEqual([])
    // What they have not read is some 250 MB together: 30 readers, 2,000 events of 4 KB.
    expect(gateway.memory() - before).toBeLessThan(200 * 1024 * 1024)
    expect(standing.every(({ seen }) => seen.length < posts * each)).toBe(true)
    for (const { resume } of standing) resume()
    await until(hasAll(streams, posts * each))
    expect(faults(streams, accounts(posts * each))).toEqual([])
    // A socket that has answered no ping for a while is closed instead.
    const isSettled = async ({ seen, gone }: Member): Promise<boolean> =>
      seen.length >= posts * each || (await Promise.race([gone, null])) !== null
    await until(async () => (await Promise.all(sockets.map(isSettled))).every(Boolean))
    for (const { seen } of sockets) expect(faults([{ seen }], accounts(seen.length))).toEqual([])
    for (const { leave } of [...running, ...standing]) leave()
  })
})

describe('clients that connect, subscribe and break off', () => {
  const cycles = Number(process.env['CYCLES'] ?? 1_000)

  it(
    `leave nothing behind after ${cycles} times`,
    async () => {
      await using gateway = await startLoneGateway({ NODE_OPTIONS: counting })
      const round = async (count: number): Promise<void> => {
        for (let done = 0; done < count; done += 50) {
          const members = await Promise.all([
            gather(25, () => joinByWs(gateway.url)),
            gather(25, () => joinBySse(gateway.url)),
          ])
          for (const { leave } of members.flat()) leave()
          await Promise.all(members.flat().map(({ gone }) => gone))
        }
        await until(async () => (await metric(gateway.url, 'mps_streams')) === 0)
      }
      // The first ones warm up what is made once.
      await round(200)
      const before = await countsOf(gateway.child)
      await round(cycles)
      let after = before
      // A timer of the moment, as of a commit, is nobody's.
      await until(async () => (after = await countsOf(gateway.child)).timers <= before.timers)
      if (process.env['CYCLES'] !== undefined) process.stdout.write(`${JSON.stringify([before, after])}\n`)
      expect(before.signals).toBeGreaterThan(0)
      expect(after.listeners).toBeLessThanOrEqual(before.listeners)
      expect(after.sockets).toBeLessThanOrEqual(before.sockets)
      // Each subscription is some 10 KB while it is open.
      expect(after.heap - before.heap).toBeLessThan(4 * 1024 * 1024)
    },
    20_000 + cycles * 20,
  )
})
