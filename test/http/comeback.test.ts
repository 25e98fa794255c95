import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startNginx, whyWithoutNginx } from '../support/nginx.ts'
import { until } from '../support/until.ts'
import { startLoneGateway, tellOf, type LoneGateway } from './support/lone-gateway.ts'
import { metric } from './support/probe.ts'

const count = Number(process.env['BROWSERS'] ?? 300)
const streams = Math.floor(count / 3)
const sockets = count - streams
const query = 'subscription { events { ... on ClientWabaEvent { wabaId } } }'

interface Item {
  readonly events: { readonly wabaId: string }
}

interface Browser {
  /** The accounts that it was told of. */
  readonly told: Set<string>
  /** What ended it, which nothing should. */
  readonly ends: unknown[]
  leave(): void
}

/** A stock client that has been told to come again, whatever happened; when, is its own idea. */
function open(kind: 'ws' | 'sse', url: string): Browser {
  const told = new Set<string>()
  const ends: unknown[] = []
  const always = { retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true }
  const client =
    kind === 'ws'
      ? createWs({ ...always, url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
      : createSse({ ...always, url: `${url}/graphql` })
  const leave = client.subscribe<Item>(
    { query },
    {
      next: ({ data }) => void (data && told.add(data.events.wabaId)),
      error: (error) => void ends.push(error),
      complete: () => void ends.push('complete'),
    },
  )
  return { told, ends, leave }
}

/** Both are of one address, as all are whom one proxy or one company's network brings. */
function openAll(url: string): Browser[] {
  return [
    ...Array.from({ length: sockets }, () => open('ws', url)),
    ...Array.from({ length: streams }, () => open('sse', url)),
  ]
}

/** What ended any of them. */
async function comeBack(
  url: string,
  restart: (gateway: LoneGateway) => Promise<LoneGateway>,
  first: LoneGateway,
): Promise<unknown[]> {
  const browsers = openAll(url)
  await until(async () => (await metric(first.url, 'mps_streams')) === sockets + streams)
  const again = await restart(first)
  await until(async () => (await metric(again.url, 'mps_streams')) >= sockets + streams)
  // One may be counted that its proxy has already given up, so whoever is late gets the next.
  let wabaId = 0
  await until(async () => {
    await tellOf(again.url, ++wabaId, 1)
    return browsers.every(({ told }) => told.size > 0)
  })
  const ends = browsers.flatMap((browser) => browser.ends)
  for (const { leave } of browsers) leave()
  await again[Symbol.asyncDispose]()
  return ends
}

describe(`${count} browsers of one address that come at once, and again after a restart, all get in`, () => {
  const inFolder = async (work: (start: (port: string) => Promise<LoneGateway>) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-comeback-'))
    const DATABASE_URL = `file:${join(folder, 'gateway.db')}`
    await work((PORT) => startLoneGateway({ DATABASE_URL, PORT })).finally(() =>
      rmSync(folder, { recursive: true, force: true }),
    )
  }

  const restarting =
    (start: (port: string) => Promise<LoneGateway>) =>
    async ({ url, child }: LoneGateway): Promise<LoneGateway> => {
      child.process.kill('SIGKILL')
      await child.ended
      return start(new URL(url).port)
    }

  it('directly', () =>
    inFolder(async (start) => {
      const first = await start('0')
      expect(await comeBack(first.url, restarting(start), first)).toEqual([])
    }))

  it.skipIf(whyWithoutNginx !== '')(`through nginx${whyWithoutNginx}`, () =>
    inFolder(async (start) => {
      const first = await start('0')
      await using nginx = await startNginx([first.url])
      expect(await comeBack(nginx.url, restarting(start), first)).toEqual([])
    }),
  )
})
