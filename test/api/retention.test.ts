import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placed } from '../../src/feed/subscriptions.graphql.ts'
import '../../src/api/schema.ts'
import type { Ctx } from '../../src/context.ts'
import type { NewEvent } from '../../src/events/event.ts'
import { follow } from '../../src/events/follow.ts'
import { openStore, type Store } from '../../src/events/store.ts'
import { ask, data, watchBySse, watchByWs } from '../support/clients.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import {
  CreateSolutionDocument,
  EventsDocument,
  WatchEventsDocument,
  WatchOnboardingDocument,
} from '../support/operations.ts'
import { until } from '../support/until.ts'

const luckyShrub = '21202248997039'

describe('a cursor older than what the log keeps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-retention-'))
  const databaseUrl = `file:${join(folder, 'gateway.db')}`
  let gateway: TestGateway
  let old: string

  beforeAll(async () => {
    const first = await startTestGateway({ databaseUrl })
    for (const name of ['First', 'Second']) {
      const input = { appId: '637576208107267', name, partnerAppId: luckyShrub, messaging: 'OWNER' as const }
      await data(first.url, CreateSolutionDocument, { input })
    }
    // Each creation is told to two apps, by a webhook and by the gateway.
    const written = async () => (await data(first.url, EventsDocument, { first: 100 })).events?.edges.length
    await until(async () => (await written()) === 8)
    old = (await data(first.url, EventsDocument, { first: 1 })).events?.pageInfo.endCursor ?? ''
    await first.close()
    const store = await openStore(databaseUrl)
    expect(await store.log.deleteBefore(Date.now() + 60_000, 5)).toBe(5)
    await store.close()
    gateway = await startTestGateway({ databaseUrl })
  })
  afterAll(async () => {
    await gateway.close()
    rmSync(folder, { recursive: true })
  })

  it('is refused by a page, with where to go on', async () => {
    const { errors } = await ask(gateway.url, EventsDocument, { first: 2, after: old })
    expect(errors).toMatchObject([{ path: ['events'], extensions: { code: 'CURSOR_EXPIRED' } }])
    const after = String(errors?.[0]?.extensions?.['resumeFrom'])
    expect((await data(gateway.url, EventsDocument, { first: 100, after })).events?.edges).toHaveLength(3)
  })

  it.each([
    ['SSE', watchBySse],
    ['WebSocket', watchByWs],
  ] as const)('is told over %s that it lags, and gets what is left', async (_, watchBy) => {
    const watch = await watchBy(gateway.url, WatchEventsDocument, { after: old })
    const edges = (await data(gateway.url, EventsDocument, { first: 100 })).events?.edges ?? []
    expect(edges).toHaveLength(3)
    expect((await watch.inbox.next()).data?.events).toMatchObject({
      __typename: 'StreamLagged',
      missed: null,
      resumeFrom: expect.any(String) as string,
    })
    for (const edge of edges)
      expect((await watch.inbox.next()).data?.events).toMatchObject({ cursor: edge.cursor })
    watch.stop()
  })

  it('is refused with a code where no item could say so', async () => {
    const watch = await watchByWs(gateway.url, WatchOnboardingDocument, { after: old })
    expect((await watch.inbox.next()).errors).toMatchObject([
      { extensions: { code: 'CURSOR_EXPIRED', resumeFrom: expect.any(String) as string } },
    ])
    watch.stop()
  })
})

describe('a reader that falls behind what the log keeps while it is connected', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-retention-'))
  const databaseUrl = `file:${join(folder, 'gateway.db')}`
  // More than the gateway keeps of the newest in memory and the connection in its buffers.
  const old = 6000
  let gateway: TestGateway
  let store: Store

  beforeAll(async () => {
    gateway = await startTestGateway({ databaseUrl })
    store = await openStore(databaseUrl)
    const event = (n: number): NewEvent => ({
      appId: luckyShrub,
      kind: 'CLIENT_WABA_ONBOARDED',
      source: 'WEBHOOK',
      dedupeKey: `event ${n}`,
      occurredAt: n,
      receivedAt: n <= old ? 1000 : Date.now(),
      field: 'account_update',
      event: `E${n}`,
      solutionId: null,
      wabaId: String(n),
      ownerBusinessId: null,
      reportedStatus: null,
      payload: JSON.stringify('x'.repeat(8000)),
    })
    for (let n = 1; n <= old + 100; n += 100)
      await store.log.append(Array.from({ length: 100 }, (_, index) => event(n + index)))
  })
  afterAll(async () => {
    await store.close()
    await gateway.close()
    rmSync(folder, { recursive: true })
  })

  const sweep = async (): Promise<void> => {
    while ((await store.log.deleteBefore(2000, 500)) > 0);
  }

  it('is told so, and gets what is left', async () => {
    const after = store.log.cursors.encode(1)
    const query = `subscription { events(after: "${after}") { __typename ... on ClientWabaEvent { event details } ... on StreamLagged { resumeFrom } } }`
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"E2"')) text += (await reader.read()).value ?? ''
    // Nobody reads on: what is on its way fills the buffers, and the gateway waits.
    await sweep()
    while (!text.includes(`"E${old + 100}"`)) text += (await reader.read()).value ?? ''
    await reader.cancel()
    const numbers = [...text.matchAll(/"event":"E(\d+)"/g)].map(([, n]) => Number(n))
    const [gap, ...more] = numbers.flatMap((n, index) =>
      index > 0 && n !== (numbers[index - 1] ?? 0) + 1 ? [n] : [],
    )
    expect([gap, more]).toEqual([old + 1, []])
    const [lagged = '', ...again] = text.match(/"__typename":"StreamLagged","resumeFrom":"[^"]+"/g) ?? []
    expect(again).toEqual([])
    expect(lagged).toContain(store.log.cursors.encode(old))
    expect(text.indexOf(lagged)).toBeLessThan(text.indexOf(`"E${old + 1}"`))
  })
  it('is let go with a code and a cursor where no item could say so', async () => {
    const { log } = store
    const ctx = { log, place: { resumeFrom: null, cursor: null } } as unknown as Ctx
    const behind = placed(
      ctx,
      follow(log, 5, { appIds: [luckyShrub] }, AbortSignal.timeout(240_000)),
      ({ seq }) => seq,
    )
    await expect(behind.next()).rejects.toMatchObject({
      name: 'CursorExpired',
      resumeFrom: log.cursors.encode(await log.start()),
    })
  })
})
