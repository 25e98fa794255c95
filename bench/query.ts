import { createHmac } from 'node:crypto'
import { madeUpApp } from './support/app.ts'
import { startChild, type Child } from './support/child.ts'
import { median, microseconds, milliseconds, perSecond, ratio } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { interleave } from './support/interleave.ts'
import { load, type Loaded } from './support/load.ts'
import type { Row } from './support/row.ts'
import { cursorAt, solutionsQuery } from './support/solutions-query.ts'
import { createStore } from './support/store.ts'

const { appId, appSecret, systemToken } = madeUpApp
const authorization = { authorization: `Bearer ${apiKey}` }

/** The same question each time: after the first it is about what nobody has changed. */
const same = JSON.stringify({ query: solutionsQuery })

let pages = 0

/** The same question about a page that nobody has asked for, so that no memory of an answer helps. */
function another(): string {
  const after = cursorAt(`page${pages++}`)
  return JSON.stringify({ query: solutionsQuery, variables: { after } })
}

/** 50 solutions with 6 fields of their own: through one call upstream, and asked again. */
export async function query(): Promise<Row[]> {
  await using upstream = await startStatic(0)
  await using slow = await startStatic(20)
  return [
    ...(await compareCold('query, cold, upstream at once', upstream.url, '≥ 0.60')),
    ...(await compareCold('query, cold, upstream after 20 ms', slow.url, '≥ 0.60')),
    ...(await compareWarm('query, warm', upstream.url)),
  ]
}

const startStatic = (answerMs: number): Promise<Child> =>
  startChild('bench/support/servers/static-upstream.ts', { ANSWER_MS: String(answerMs) })

/** Beside a server that makes the same call and renames the fields. */
async function compareCold(name: string, upstream: string, aim: string): Promise<Row[]> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path, graphUrl: upstream })
  await using bare = await startChild('bench/support/servers/bare-query.ts', {
    NODE_ENV: 'production',
    UPSTREAM_ORIGIN: upstream,
    UPSTREAM_PATH: upstreamPath(),
    UPSTREAM_TOKEN: systemToken,
  })
  await sameAnswer(gateway.url, bare.url)
  return await race(name, gateway, bare, another, aim)
}

/** Beside a server that has nothing but the bytes of the answer. */
async function compareWarm(name: string, upstream: string): Promise<Row[]> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path, graphUrl: upstream })
  await ask(`${gateway.url}/graphql`)
  await using bare = await startChild('bench/support/servers/bare-answer.ts', {
    NODE_ENV: 'production',
    ANSWER: await ask(`${gateway.url}/graphql`),
  })
  await sameAnswer(gateway.url, bare.url)
  return await race(name, gateway, bare, () => same, '≥ 0.40')
}

async function race(name: string, gateway: Child, bare: Child, body: () => string, aim: string) {
  const [ours, theirs] = await interleave(
    4,
    () => load(gateway, '/graphql', authorization, body),
    () => load(bare, '/', {}, body),
  )
  return rowsOf(name, ours, theirs, aim)
}

function rowsOf(name: string, ours: readonly Loaded[], theirs: readonly Loaded[], aim: string): Row[] {
  const both = (pick: (loaded: Loaded) => number) =>
    [median(ours.map(pick)), median(theirs.map(pick))] as const
  const [rate, bareRate] = both((loaded) => loaded.perSecond)
  const [p50, bareP50] = both((loaded) => loaded.p50)
  const [p99, bareP99] = both((loaded) => loaded.p99)
  const [cpu, bareCpu] = both((loaded) => loaded.cpuPerRequest)
  return [
    {
      what: `${name}: requests`,
      gateway: perSecond(rate),
      bare: perSecond(bareRate),
      ratio: ratio(rate, bareRate),
      aim,
    },
    { what: `${name}: p50`, gateway: milliseconds(p50), bare: milliseconds(bareP50) },
    { what: `${name}: p99`, gateway: milliseconds(p99), bare: milliseconds(bareP99) },
    {
      what: `${name}: processor time each`,
      gateway: microseconds(cpu),
      bare: microseconds(bareCpu),
      ratio: ratio(bareCpu, cpu),
    },
  ]
}

/** The request that the gateway makes of Graph for the document above. */
function upstreamPath(): string {
  const parameters = new URLSearchParams({
    limit: '50',
    fields: 'id,name,status,status_for_pending_request,owner_permissions',
    appsecret_proof: createHmac('sha256', appSecret).update(systemToken).digest('hex'),
  })
  return `/v27.0/${appId}/whatsapp_business_solutions?${parameters}`
}

/** Racing two servers that do different things would say nothing. */
async function sameAnswer(gatewayUrl: string, bareUrl: string): Promise<void> {
  const [text, bareText] = [dataIn(await ask(`${gatewayUrl}/graphql`)), dataIn(await ask(bareUrl))]
  if (text !== bareText)
    throw new Error(`The answers differ:\n${text.slice(0, 500)}\n${bareText.slice(0, 500)}`)
}

/** Without what the gateway says beside it of its calls. */
const dataIn = (answer: string): string => JSON.stringify((JSON.parse(answer) as { data: unknown }).data)

async function ask(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json', ...authorization }
  return (await fetch(url, { method: 'POST', headers, body: same })).text()
}
