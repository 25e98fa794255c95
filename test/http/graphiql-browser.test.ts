import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSchema, createYoga } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGraphiql } from '../../src/http/graphiql/graphiql.ts'
import { useDocumentLimits } from '../../src/http/graphql/limits/limits.ts'
import { graphiqlOn, openLonelyPage, whySkipped, type LonelyPage } from '../support/browser.ts'
import { until } from '../support/until.ts'

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Query {
      greeting(name: String): String
    }
    type Subscription {
      count(to: Int!): Int
    }
  `,
  resolvers: {
    Query: { greeting: (_: unknown, { name }: { name?: string }) => `Hello ${name ?? 'nobody'}` },
    Subscription: {
      count: {
        async *subscribe(_: unknown, { to }: { to: number }) {
          for (let count = 1; count <= to; count++) yield { count }
          await new Promise(() => {})
        },
      },
    },
  },
})

const graphiql = createGraphiql({
  title: 'Trying <GraphiQL>',
  endpoint: '/graphql',
  subscriptionsProtocol: 'SSE',
  additionalHeaders: { 'x-mps-csrf': '1' },
  tabs: [
    {
      name: 'Step 1: greet',
      query: 'query Greet($name: String) { greeting(name: $name) }',
      variables: '{ "name": "Ada" }',
    },
    { name: 'Step 2', query: '# Step 2: wait for events\nsubscription Wait { count(to: 3) }' },
    { name: 'Step 3: shout', query: 'query Shout { greeting }', headers: '{ "authorization": "Bearer k" }' },
  ],
})

type Sent = { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders }
const sent: Sent[] = []
let server: Server
let origin = ''

function listen(): Promise<void> {
  const yoga = createYoga({
    schema,
    logging: false,
    graphiql: false,
    cors: false,
    plugins: [useDocumentLimits()],
  })
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/graphql') {
      sent.push({ method: request.method, url: request.url, headers: request.headers })
      void yoga(request, response)
    } else if (pathname === '/graphiql') {
      void graphiql.page(request, response)
    } else {
      void graphiql
        .asset(request, response, pathname)
        .then((handled) => handled || response.writeHead(404).end())
    }
  })
  return new Promise((done) => server.listen(0, '127.0.0.1', done))
}

beforeAll(async () => {
  await listen()
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

describe('GraphiQL’s files', () => {
  it('are a small page without inline scripts and files that may be kept for ever', async () => {
    const page = await fetch(`${origin}/graphiql`)
    const html = await page.text()
    expect(html.length).toBeLessThan(2_000)
    expect(html).not.toMatch(/<script(?![^>]* src=)/)
    expect(html).toContain('Trying &#60;GraphiQL&#62;')
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    )
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await fetch(new URL(path ?? '', origin))
      expect(file.status).toBe(200)
      expect(file.headers.get('content-encoding')).toBe('gzip')
      expect(file.headers.get('cache-control')).toContain('immutable')
      await file.arrayBuffer()
    }
  })

  it('are unpacked for a client that knows no gzip, and not found under another name', async () => {
    const html = await (await fetch(`${origin}/graphiql`)).text()
    const start = /"(\/graphiql\/start-[^"]+)"/.exec(html)?.[1] ?? ''
    const plain = await fetch(origin + start, { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toContain('renderYogaGraphiQL')
    expect((await fetch(`${origin}${start}x`)).status).toBe(404)
    expect((await fetch(`${origin}/graphiql`, { method: 'POST' })).status).toBe(405)
  })
})

describe.skipIf(whySkipped !== '')(`GraphiQL in Chromium${whySkipped}`, () => {
  let lonely: LonelyPage
  let page: LonelyPage['page']
  let hands: ReturnType<typeof graphiqlOn>

  beforeAll(async () => {
    lonely = await openLonelyPage(origin)
    page = lonely.page
    hands = graphiqlOn(page)
  })
  afterAll(() => lonely?.close())

  it('opens with the ready tabs, whatever the address asks for', async () => {
    await page.goto(`${origin}/graphiql?query=mutation{evil}`)
    await hands.editorShows(/#\sStep\s1:\sgreet/)
    expect(await hands.tabs().allInnerTexts()).toEqual(['Greet', 'Wait', 'Shout'])
    expect(page.url()).toBe(`${origin}/graphiql`)
    await hands.screenshot('tabs')
  })

  it('runs the first tab with its variables', async () => {
    expect(await hands.run(/Hello.Ada/)).toContain('greeting')
    await hands.screenshot('query')
  })

  it('shows the events of a subscription, asked for by POST and with the header that strangers cannot send', async () => {
    await hands.openTab('Wait')
    await hands.editorShows(/#\sStep\s2:\swait\sfor\sevents/)
    expect(await hands.run(/"count":.3/)).toContain('count')
    await hands.screenshot('subscription')
    const subscription = sent.findLast(({ headers }) => headers.accept === 'text/event-stream')
    expect(subscription).toMatchObject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', 'x-mps-csrf': '1', 'sec-fetch-site': 'same-origin' },
    })
    await page.getByRole('button', { name: /Stop query/ }).click()
  })

  it('sends the headers of a tab, and keeps them out of the browser’s storage', async () => {
    await hands.openTab('Shout')
    await hands.editorShows(/#\sStep\s3:\sshout/)
    expect(await hands.run(/Hello.nobody/)).toContain('greeting')
    expect(sent.at(-1)?.headers.authorization).toBe('Bearer k')
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('Bearer')
  })

  it('completes from the schema and marks what the schema does not have', async () => {
    await page.locator('.graphiql-query-editor .view-lines').click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('{ gree')
    const suggestions = page.locator('.suggest-widget', { hasText: 'greeting' })
    await suggestions.waitFor()
    expect(await suggestions.innerText()).toContain('greeting')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('{ nothing ')
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor()
    await hands.screenshot('editor')
  })

  it('is the same after a reload, and the ready tabs stay', async () => {
    // GraphiQL stores its tabs a moment after the last key. What was typed and is in no stored tab gets a tab of its own.
    const isStored = `Object.entries(localStorage).some(([key, tabs]) => key.endsWith('tabState') && tabs.includes('nothing'))`
    await until(() => page.evaluate<boolean>(isStored))
    await page.reload()
    await hands.tabs().nth(2).waitFor()
    expect(await hands.tabs().count()).toBe(3)
  })

  it('has asked nobody else for anything, broken no rule of the policy and logged no error', () => {
    expect(lonely.strangers).toEqual([])
    expect(lonely.trouble).toEqual([])
  })
})
