import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { data, watchBySse, watchByWs } from '../support/clients.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import {
  CreateSolutionDocument,
  EventsDocument,
  WatchEventsDocument,
  WatchOnboardingDocument,
} from '../support/operations.ts'

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
    const written = async () => (await data(first.url, EventsDocument, { first: 100 })).events.edges.length
    await vi.waitUntil(async () => (await written()) === 8)
    old = (await data(first.url, EventsDocument, { first: 1 })).events.pageInfo.endCursor ?? ''
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

  it.each([
    ['SSE', watchBySse],
    ['WebSocket', watchByWs],
  ] as const)('is told over %s that it lags, and gets what is left', async (_, watchBy) => {
    const watch = await watchBy(gateway.url, WatchEventsDocument, { after: old })
    const { edges } = (await data(gateway.url, EventsDocument, { first: 100 })).events
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
