import { createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { parseLossless } from '../../src/lib/json.ts'
import { canary, findCanaries } from '../secrets/support/canaries.ts'
import { readStore, run } from '../secrets/support/artefacts.ts'
import { watchBySse, watchByWs } from '../support/clients.ts'
import { startTestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { brokenPosts, person, readablePosts } from './support/people.ts'

const fixtures = new URL('../fixtures/webhooks/', import.meta.url)

/** Every change of the fixtures: what Meta documents. */
const documented = readdirSync(fixtures).flatMap((file) => {
  const post = parseLossless(readFileSync(new URL(file, fixtures), 'utf8')) as {
    entry: { changes: { field: string; value: object }[] }[]
  }
  return post.entry.flatMap(({ changes }) => changes)
})

const canaries = [
  ...Object.entries(person).map(([what, text]) => canary(what, text)),
  // Digits alone, however they are printed.
  canary('digits of the number', '15123456789'),
  canary('a part of the name', 'Canaria'),
]

const everything = `
  __typename id cursor kind source occurredAt severity waitsFor
  ... on ClientWabaEvent { event wabaId ownerBusinessId displayPhoneNumber trackingCode details restrictions { type remediation }
    violation { type remediation } ban { state date reportedDate } disconnection { reason initiatedBy } certification { status rejectionReasons } }
  ... on AccountAlertEvent { field code text alertStatus subject { metaId displayPhoneNumber } nameReview { requestedName rejectionReason decision }
    limits { currentLimit oldLimit maxDailyConversationsPerBusiness } template { name language reason pause category } paymentConfiguration { name provider } }
  ... on SolutionEvent { solutionId reportedStatus }
  ... on OtherEvent { field payload }`

const watch = parse(`subscription { events { ... on Event { ${everything} } } }`)

const stores = [
  {
    name: 'SQLite',
    place: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mps-privacy-'))
      return { folder, databaseUrl: `file:${join(folder, 'gateway.db')}` }
    },
  },
  {
    name: 'PostgreSQL',
    place: async () => ({
      folder: mkdtempSync(join(tmpdir(), 'mps-privacy-')),
      databaseUrl: await emptyDatabase(),
    }),
  },
]

/** Everything that a client can be shown of the log. */
async function readLog(url: string): Promise<string> {
  let [text, after] = ['', '']
  for (;;) {
    const query = `{ events(first: 100${after}) { edges { node { ${everything} } } pageInfo { hasNextPage endCursor } } }`
    const answer = await graphql(url, query)
    expect(answer.errors).toBeUndefined()
    text += JSON.stringify(answer)
    const { pageInfo } = (
      answer.data as { events: { pageInfo: { hasNextPage: boolean; endCursor: string } } }
    ).events
    if (!pageInfo.hasNextPage) return text
    after = `, after: "${pageInfo.endCursor}"`
  }
}

describe.each(stores)('conversations, contacts and people that a webhook holds, with $name', ({ place }) => {
  it('are on no disk, in no stream, answer, log line or dead letter', async () => {
    const { folder, databaseUrl } = await place()
    const gateway = await startTestGateway({ databaseUrl, logLevel: 'trace' })
    const [app, other] = gateway.config.apps
    const send = async (body: Buffer, secret: string = app.appSecrets[0]): Promise<number> => {
      const signature = createHmac('sha256', secret).update(body).digest('hex')
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
      const init = { method: 'POST', headers, body: new Uint8Array(body) }
      return (await fetch(`${gateway.url}/webhooks/${app.appId}`, init)).status
    }
    try {
      const [ws, sse] = await Promise.all([
        watchByWs(gateway.url, watch, {}),
        watchBySse(gateway.url, watch, {}),
      ])
      const posts = [
        ...readablePosts(documented).map((post) => Buffer.from(JSON.stringify(post))),
        ...brokenPosts(),
      ]
      for (const body of posts) expect(await send(body)).toBe(200)
      expect(await send(posts[0]!, other.appSecrets[0])).toBe(401)
      const last = {
        object: 'whatsapp_business_account',
        entry: [{ id: '7', time: 1, changes: [{ field: 'the_last', value: {} }] }],
      }
      expect(await send(Buffer.from(JSON.stringify(last)))).toBe(200)
      const streams = [ws.inbox, sse.inbox]
      await until(async () => streams.every(({ seen }) => JSON.stringify(seen.at(-1)).includes('the_last')))
      const answers = await readLog(gateway.url)
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
      const open = await readStore(databaseUrl, folder)
      ws.stop()
      sse.stop()
      await gateway.close()
      const env = { DATABASE_URL: databaseUrl }
      const list = await run(['replay', 'list'], env)
      const letters = list.split('\n').flatMap((line) => /^\d+/.exec(line)?.[0] ?? [])
      const artefacts = {
        'a WebSocket': JSON.stringify(ws.inbox.seen),
        'an SSE stream': JSON.stringify(sse.inbox.seen),
        'an answer': answers,
        'the metrics': metrics,
        'the log': gateway.logLines.join(''),
        'mps-gateway replay list': list,
        'mps-gateway replay show': (
          await Promise.all(letters.slice(0, 5).map((id) => run(['replay', 'show', id], env)))
        ).join(''),
        ...open,
        ...(await readStore(databaseUrl, folder)),
      }
      for (const { seen } of streams)
        expect([seen.length > 100, seen.some(({ errors }) => errors !== undefined)]).toEqual([true, false])
      expect(letters.length).toBeGreaterThan(10)
      expect(answers.match(/"AccountAlertEvent"/g)?.length).toBeGreaterThan(20)
      expect(artefacts['the log']).toContain('a webhook held changes that this release does not know')
      expect(metrics).toMatch(/mps_webhook_field_bytes_total\{app_id="\d+",field="messages"\} [1-9]/)
      expect(metrics).toMatch(/mps_webhook_field_changes_total\{app_id="\d+",field="other"\} [1-9]/)
      expect(findCanaries(canaries, artefacts)).toEqual([])
    } finally {
      await gateway.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
