import { describe, expect, it } from 'vitest'
import { emptyDatabase, query } from '../support/postgres.ts'
import { primaryAndStandby } from '../support/postgres-pair.ts'
import { wireTo } from '../support/postgres-wire.ts'
import { until } from '../support/until.ts'
import { startLoneGateway, tellOf, postAbout, type LoneGateway } from './support/lone-gateway.ts'
import { post } from './support/probe.ts'
import { openKnownWire } from './support/socket.ts'

const subscription =
  'subscription ($after: String) { events(after: $after) { ... on ClientWabaEvent { wabaId } } }'

describe('a gateway whose database is taken over by its standby', () => {
  it('is not ready and refuses webhooks meanwhile, and its streams go on by themselves', async () => {
    const { primary, standby } = await primaryAndStandby()
    const url = await emptyDatabase(primary.url)
    const database = await wireTo(url)
    await using gateway = await startLoneGateway({ DATABASE_URL: database.url })
    const client = await openKnownWire(gateway.url)
    await tellOf(gateway.url, 1, 1)
    const { data } = await post(gateway.url, '{ events(first: 1) { edges { cursor } } }')
    const { events } = data as { events: { edges: [{ cursor: string }] } }
    client.subscribe('1', subscription, { after: events.edges[0].cursor })
    await tellOf(gateway.url, 2, 1)
    const before = await client.inbox.next(({ type }) => type === 'next')
    expect(JSON.stringify(before)).toContain('"wabaId":"2"')
    const copy = url.replace(primary.url, standby.url)
    await until(async () => (await query(copy, 'SELECT 1 FROM events')).length === 2)
    await primary.kill()
    database.leadTo(standby.url)
    await until(async () => (await webhook(gateway, 3)) === 503)
    await until(async () => (await readiness(gateway)) === 503)
    await query(standby.url, 'SELECT pg_promote()')
    await until(async () => (await webhook(gateway, 3)) === 200)
    await until(async () => (await readiness(gateway)) === 200)
    const after = await client.inbox.next(({ type }) => type !== 'ping' && type !== 'pong')
    expect(JSON.stringify(after)).toContain('"wabaId":"3"')
    client.socket.terminate()
  })
})

describe('a gateway that is far from its database', () => {
  it('is ready at every look and takes every webhook', async () => {
    const near = await emptyDatabase()
    await using _ = await startLoneGateway({ DATABASE_URL: near })
    const database = await wireTo(near)
    database.delay(100)
    await using gateway = await startLoneGateway({ DATABASE_URL: database.url })
    for (let round = 0; round < 5; round++) {
      const posts = Array.from({ length: 10 }, (_, n) => webhook(gateway, round * 10 + n))
      const looks = [readiness(gateway), readiness(gateway)]
      expect(new Set(await Promise.all([...posts, ...looks]))).toEqual(new Set([200]))
    }
  })
})

async function readiness({ url }: LoneGateway): Promise<number> {
  return (await fetch(`${url}/health/ready`)).status
}

async function webhook({ url }: LoneGateway, account: number): Promise<number> {
  const { path, headers, body } = postAbout(account, 1)
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body })).status
}
