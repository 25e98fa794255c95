import { createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretsOf } from '../../src/config/shapes.ts'
import type { AppConfig } from '../../src/config/config.ts'
import { startChild } from '../support/child.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { askEverywhere } from './support/ask-everywhere.ts'
import { bearer, injectFaults, metric, post } from './support/probe.ts'

const apiKey = 'canary-key-of-the-gateway'
const read = '{ apps { name } }'
let play: TestGateway
let secrets: string[]
beforeAll(async () => {
  play = await startTestGateway()
  secrets = secretsOf({ ...play.config, apiKey })
})
afterAll(() => play.close())

const toFile = ({ appSecrets: [appSecret], creditLineId, ...app }: AppConfig): object => ({
  ...app,
  appSecret,
  ...(creditLineId !== null && { creditLineId }),
})

/** The gateway as it is shipped, in a process of its own against the simulator of `play`. */
async function startShipped(nodeEnv: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'mps-masking-'))
  const config = join(folder, 'apps.json')
  writeFileSync(config, JSON.stringify({ apps: play.config.apps.map(toFile) }))
  const child = startChild({
    GATEWAY_CONFIG: config,
    GATEWAY_API_KEY: apiKey,
    GRAPH_API_URL: play.simulator.url,
    DATABASE_URL: `file:${join(folder, 'gateway.db')}`,
    PORT: '0',
    LOG_LEVEL: 'trace',
    ...(nodeEnv !== undefined && { NODE_ENV: nodeEnv }),
  })
  const [, url = ''] = await child.says(/GraphQL +(http:\S+)\/graphql/)
  return { child, url, folder, watch: await watchAnEvent(url) }
}

/** A subscription that begins with an event of the log, and asks Graph for its solution. */
async function watchAnEvent(url: string): Promise<string> {
  const [app] = play.config.apps
  const value = (solution_id: string) => ({
    event: 'SOLUTION_UPDATED',
    solution_id,
    solution_status: 'ACTIVE',
  })
  const changes = ['1', '2'].map((id) => ({ field: 'partner_solutions', value: value(id) }))
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', time: 1_700_000_000, changes }],
  })
  const signature = createHmac('sha256', app.appSecrets[0]).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
  expect((await fetch(`${url}/webhooks/${app.appId}`, { method: 'POST', headers, body })).status).toBe(200)
  const { data } = await post(url, '{ events(first: 1) { pageInfo { endCursor } } }', bearer(apiKey))
  const { events } = data as { events: { pageInfo: { endCursor: string } } }
  return `subscription { events(after: "${events.pageInfo.endCursor}") { ... on SolutionEvent { solution { name } } } }`
}

const faults: [string, () => object[]][] = [
  ['is down', () => [{ kind: 'reset', path: '/' }]],
  [
    'answers with a page of HTML',
    () => [{ kind: 'html', path: '/', status: 502, body: `<b>${secrets.join(' ')}</b>` }],
  ],
  ['answers with half an answer', () => [{ kind: 'truncate', path: '/' }]],
  [
    'refuses, and quotes the secrets',
    () => [
      {
        kind: 'error',
        path: '/',
        status: 400,
        code: 190,
        message: `Bad token ${secrets.join(', ')} in /v26.0/me?access_token=${secrets[1]}`,
      },
    ],
  ],
  [
    'fails with a body that is no error',
    () => [
      {
        kind: 'error',
        path: '/',
        status: 500,
        body: { access_token: secrets[1], stack: 'at /srv/meta.php' },
      },
    ],
  ],
  ['throttles', () => [{ kind: 'throttle', path: '/' }]],
]

type Shipped = Awaited<ReturnType<typeof startShipped>>
let shipped: Shipped[]
beforeAll(async () => {
  shipped = await Promise.all(['development', 'production', undefined].map(startShipped))
})
afterAll(async () => {
  for (const { child, folder } of shipped) {
    child.process.kill('SIGTERM')
    await child.ended
    rmSync(folder, { recursive: true })
  }
})

const texts: string[] = []
const askAll = (query: string | null) =>
  Promise.all(
    shipped.map(async ({ url, watch }) => {
      const answer = await askEverywhere(url, apiKey, query ?? watch)
      texts.push(...answer.texts)
      return answer.errors
    }),
  )

describe('in development, in production and with no NODE_ENV', () => {
  it.each(faults)('when Graph %s, each transport says the same: a message and a code', async (_, rules) => {
    await injectFaults(play, ...rules())
    for (const query of [read, null]) {
      const [inDevelopment, ...others] = await askAll(query)
      for (const errors of others) expect(errors).toEqual(inDevelopment)
      const [overHttp, overSse, overWs] = inDevelopment ?? []
      // A subscription is refused over plain HTTP.
      expect(query === null ? overSse : overHttp).toEqual(overSse)
      expect(overWs).toEqual(overSse)
      expect(overSse?.length).toBeGreaterThan(0)
      for (const error of overSse ?? []) expectClean(error as object)
    }
    await injectFaults(play)
  })

  it('when the store is broken, an id is all that is said, and it stands in the log', async () => {
    const query = '{ events { edges { cursor } } }'
    const rename = (from: string, to: string): void => {
      for (const { folder } of shipped) {
        const database = new DatabaseSync(join(folder, 'gateway.db'))
        database.exec(`ALTER TABLE ${from} RENAME TO ${to}`)
        database.close()
      }
    }
    rename('events', 'canary_events')
    for (const errors of (await askAll(query)).flat())
      expect(errors).toEqual([
        expect.objectContaining({
          message: 'Unexpected error.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', id: 'ID' },
        }),
      ])
    for (const { child, url } of shipped) {
      expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'no store' })
      const reply = await post(url, query, bearer(apiKey))
      texts.push(reply.text)
      const id = String(reply.errors[0]?.extensions?.['id'])
      const [line] = await child.says(new RegExp(`^.*${id}.*$`, 'm'))
      const message = expect.stringContaining('events') as string
      expect(JSON.parse(line)).toMatchObject({ level: 50, id, err: { message } })
    }
    rename('canary_events', 'events')
  })

  it('no secret is left in any answer, log, metric or file', async () => {
    for (const { child, url, folder } of shipped) {
      expect(await metric(url, 'mps_graph_request_seconds_count', bearer(apiKey))).toBeGreaterThan(10)
      texts.push(await (await fetch(`${url}/metrics`, { headers: bearer(apiKey) })).text())
      const stored = readdirSync(folder).filter((name) => name.startsWith('gateway.db'))
      expect(stored.length).toBeGreaterThan(0)
      texts.push(child.stdout(), ...stored.map((name) => readFileSync(join(folder, name), 'latin1')))
      expect(child.stderr()).toBe('')
    }
    const all = texts.join('\n')
    for (const canary of [...secrets, 'EAAT', 'access_token=', '<b>', 'meta.php'])
      expect({ canary, at: all.slice(0, all.indexOf(canary) + 1).slice(-200) }).toEqual({ canary, at: '' })
  })
})

function expectClean(error: object): void {
  expect(error).toMatchObject({
    message: expect.any(String) as string,
    extensions: { code: expect.any(String) as string },
  })
  expect(
    Object.keys(error).filter((key) => !['message', 'locations', 'path', 'extensions'].includes(key)),
  ).toEqual([])
  // A page of Meta's about the error, and the name of Meta's answer for its support, are for the client.
  const { help, fbtraceId, ...others } = (error as { extensions: Record<string, unknown> }).extensions
  if (help !== undefined) expect(help).toMatch(/^https:\/\/developers\.facebook\.com\/[a-z/-]+$/)
  if (fbtraceId !== undefined) expect(fbtraceId).toBe('TRACE')
  expect(JSON.stringify({ ...error, extensions: others })).not.toMatch(
    /\bat \/|node_modules|\.ts\b|fbtrace|stack|https?:|127\.0\.0\.1|SQLITE/i,
  )
}
