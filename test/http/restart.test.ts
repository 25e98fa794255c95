import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startLoneGateway, tellOf, type LoneGateway } from './support/lone-gateway.ts'
import { until } from '../support/until.ts'
import { metric } from './support/probe.ts'

const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-restart-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (): Promise<LoneGateway> =>
  startLoneGateway({ DATABASE_URL: `file:${join(folder, 'gateway.db')}` })

const query =
  'subscription ($after: String) { events(after: $after) { ... on ClientWabaEvent { cursor wabaId } } }'

interface Item {
  readonly events: { readonly cursor: string; readonly wabaId: string }
}

/** A stock client that goes on from its last cursor: what it sends is read anew each time it connects. */
function follow(url: () => string) {
  const ids: number[] = []
  const codes: unknown[] = []
  let after: string | null = null
  let isOver = false
  const client = createClient({
    url: () => `${url().replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    on: { closed: (event) => void codes.push((event as { code: number }).code) },
  })
  const payload = {
    query,
    get variables() {
      return { after }
    },
  }
  const end = (): void => void (isOver = true)
  client.subscribe<Item>(payload, {
    next: ({ data }) => {
      after = data?.events.cursor ?? after
      ids.push(Number(data?.events.wabaId))
    },
    error: end,
    complete: end,
  })
  return { ids, codes, isOver: () => isOver, leave: () => client.dispose() }
}

describe('a stock client of graphql-ws', () => {
  it('lives through restarts of the gateway, and has each event once', async () => {
    let gateway = await start()
    const reader = follow(() => gateway.url)
    await until(async () => (await metric(gateway.url, 'mps_streams')) === 1)
    // It has no cursor before its first event.
    await until(async () => (await tellOf(gateway.url, 1, 1), reader.ids.length > 0))
    for (const [from, count] of [
      [2, 100],
      [102, 100],
    ] as const) {
      await tellOf(gateway.url, from, count)
      await until(async () => reader.ids.length >= from)
      gateway.child.process.kill('SIGTERM')
      expect(await gateway.child.ended).toBe(0)
      gateway = await start()
    }
    await tellOf(gateway.url, 202, 1)
    await until(async () => reader.ids.length >= 202)
    expect(reader.ids).toEqual(Array.from({ length: 202 }, (_, n) => n + 1))
    expect(reader.isOver()).toBe(false)
    expect(reader.codes.filter((code) => code === 1001)).toHaveLength(2)
    await reader.leave()
    await gateway[Symbol.asyncDispose]()
  })
})
