import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { StoreWatch } from '../../src/http/ops/health.ts'
import { until } from '../support/until.ts'
import { joinBySse } from './support/crowd.ts'
import { postAbout, startLoneGateway } from './support/lone-gateway.ts'
import { post } from './support/probe.ts'
import { mountSmallDisk, type SmallDisk } from './support/small-disk.ts'

const noDisk = ((): boolean => {
  using disk = mountSmallDisk()
  return disk === null
})()

function smallDisk(): SmallDisk {
  const disk = mountSmallDisk()
  if (disk === null) throw new Error('There is no small disk any more')
  return disk
}

async function send(url: string, from: number, count: number, size: number): Promise<number> {
  const { path, headers, body } = postAbout(from, count, size)
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
  await response.text()
  return response.status
}

const readiness = async (url: string): Promise<number> => (await fetch(`${url}/health/ready`)).status
const stored = async (url: string): Promise<string[]> => {
  const query = '{ events(last: 100) { edges { node { ... on ClientWabaEvent { wabaId } } } } }'
  const { data } = await post(url, query)
  const { events } = data as { events: { edges: { node: { wabaId: string } }[] } }
  return events.edges.map(({ node }) => node.wabaId)
}

describe.skipIf(noDisk)('a disk that is full (skipped where no tmpfs can be mounted)', () => {
  it('means 503 to Meta and not ready to probes, while reads go on, until there is room: without a restart', async () => {
    using disk = smallDisk()
    await using gateway = await startLoneGateway({
      DATABASE_URL: `file:${disk.path}/gateway.db`,
      LOG_LEVEL: 'error',
    })
    const { url } = gateway
    const member = await joinBySse(url)
    expect(await send(url, 1, 3, 0)).toBe(200)
    expect(await readiness(url)).toBe(200)

    disk.fill()
    const large = 2_000
    expect(await send(url, 10, 500, large)).toBe(503)
    expect(await readiness(url)).toBe(503)
    expect(await stored(url)).toEqual(['1', '2', '3'])

    disk.empty()
    expect(await send(url, 10, 20, large)).toBe(200)
    expect(await readiness(url)).toBe(200)
    await until(async () => member.seen.length === 23)
    expect(member.seen).toEqual([1, 2, 3, ...Array.from({ length: 20 }, (_, n) => 10 + n)])
    gateway.child.process.kill('SIGTERM')
    expect(await gateway.child.ended).toBe(0)
  })

  it('refuses a mutation before anything is sent, as a problem, and then the gateway is not ready', async () => {
    using disk = smallDisk()
    await using gateway = await startLoneGateway({
      DATABASE_URL: `file:${disk.path}/gateway.db`,
      LOG_LEVEL: 'silent',
    })
    const { url } = gateway
    const create = `mutation { createSolution(input: { appId: "637576208107267", partnerAppId: "21202248997039",
      name: "No room for it", messaging: PARTNER }) { ... on Problem { __typename code message retryable waitsFor } } }`
    disk.fill()
    expect(await readiness(url)).toBe(200)
    const { data, errors } = await post(url, create)
    expect(errors).toEqual([])
    expect(data).toEqual({
      createSolution: {
        __typename: 'GatewayProblem',
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/not sent to Graph/) as string,
        retryable: true,
        waitsFor: 'US',
      },
    })
    expect(await readiness(url)).toBe(503)

    disk.empty()
    expect((await post(url, create)).data).toMatchObject({
      createSolution: { code: 'UPSTREAM_UNAVAILABLE' },
    })
  })

  it('is believed to be full until a write has worked, however long that takes', async () => {
    using disk = smallDisk()
    const opened = await openStore(`file:${disk.path}/gateway.db`)
    let now = 0
    const watch = new StoreWatch(opened, () => now)
    const { writes, close } = watch.watched
    const begin = (key: string) => writes.begin({ appId: '1', verb: 'create', key }, '{}')
    await begin('first')
    expect(await watch.takesWrites()).toBe(true)

    disk.fill()
    await expect(begin('second')).rejects.toThrow(/store/)
    for (const later of [0, 1_000, 60_000, 3_600_000]) {
      now += later
      expect(await watch.takesWrites()).toBe(false)
    }
    disk.empty()
    expect(await watch.takesWrites()).toBe(false)
    now += 60_000
    expect(await watch.takesWrites()).toBe(true)
    await close()
  })
})
