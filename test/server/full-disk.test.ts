import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { joinBySse } from './support/crowd.ts'
import { postAbout, startLoneGateway } from './support/lone-gateway.ts'
import { post, until } from './support/probe.ts'

const disk = mkdtempSync(join(tmpdir(), 'mps-gateway-small-disk-'))
const asRoot = (command: string): boolean => spawnSync('/bin/sh', ['-c', command]).status === 0
const isMounted = asRoot(`mount -t tmpfs -o size=3m mps-gateway-test ${disk}`)

afterAll(() => {
  if (isMounted) asRoot(`umount ${disk}`)
  rmSync(disk, { recursive: true, force: true })
})

async function send(url: string, from: number, count: number, note: string): Promise<number> {
  const { path, headers, body } = postAbout(from, count, note)
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

describe.skipIf(!isMounted)('a disk that is full (skipped where no tmpfs can be mounted)', () => {
  it('means 503 to Meta and not ready to probes, while reads go on, until there is room: without a restart', async () => {
    await using gateway = await startLoneGateway({
      DATABASE_URL: `file:${disk}/gateway.db`,
      LOG_LEVEL: 'error',
    })
    const { url } = gateway
    const member = await joinBySse(url)
    expect(await send(url, 1, 3, '')).toBe(200)
    expect(await readiness(url)).toBe(200)

    writeFileSync(`${disk}/somebody-else`, fill())
    const large = 'x'.repeat(2_000)
    expect(await send(url, 10, 500, large)).toBe(503)
    expect(await readiness(url)).toBe(503)
    expect(await stored(url)).toEqual(['1', '2', '3'])

    rmSync(`${disk}/somebody-else`)
    expect(await send(url, 10, 20, large)).toBe(200)
    expect(await readiness(url)).toBe(200)
    await until(async () => member.seen.length === 23)
    expect(member.seen).toEqual([1, 2, 3, ...Array.from({ length: 20 }, (_, n) => 10 + n)])
    gateway.child.process.kill('SIGTERM')
    expect(await gateway.child.ended).toBe(0)
  })
})

/** All the room that is left. */
function fill(): Buffer {
  const { stdout } = spawnSync('df', ['--output=avail', '-B1', disk])
  return Buffer.alloc(Number(String(stdout).split('\n')[1]))
}
