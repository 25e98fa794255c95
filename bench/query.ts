import { createHmac } from 'node:crypto'
import { madeUpApp, type BenchApp } from './support/app.ts'
import { startChild, type Child } from './support/child.ts'
import { median, microseconds, milliseconds, perSecond, ratio } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { interleave } from './support/interleave.ts'
import { load, type Loaded } from './support/load.ts'
import type { Row } from './support/row.ts'
import { solutionsQuery } from './support/solutions-query.ts'
import { createStore } from './support/store.ts'

const body = JSON.stringify({ query: solutionsQuery })
const authorization = { authorization: `Bearer ${apiKey}` }

/** 50 solutions with 6 fields of their own, through one call upstream. */
export async function query(): Promise<Row[]> {
  await using upstream = await startStatic(0)
  const still = await compare('query, upstream at once', upstream.url, madeUpApp, 5)
  await using slow = await startStatic(20)
  const far = await compare('query, upstream after 20 ms', slow.url, madeUpApp, 3)
  await using simulator = await startChild('src/cli/simulate.ts', { SIMULATOR_PORT: '0' })
  const simulated = await compare('query, upstream simulator', simulator.url, await seed(simulator.url), 2)
  return [...still, ...far, ...simulated]
}

const startStatic = (answerMs: number): Promise<Child> =>
  startChild('bench/support/servers/static-upstream.ts', { ANSWER_MS: String(answerMs) })

async function compare(name: string, upstream: string, app: BenchApp, rounds: number): Promise<Row[]> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path, graphUrl: upstream, app })
  await using bare = await startChild('bench/support/servers/bare-query.ts', {
    NODE_ENV: 'production',
    UPSTREAM_ORIGIN: upstream,
    UPSTREAM_PATH: pathOf(app),
    UPSTREAM_TOKEN: app.systemToken,
  })
  await sameAnswer(gateway.url, bare.url)
  const [ours, theirs] = await interleave(
    rounds,
    () => load(gateway, '/graphql', authorization, body),
    () => load(bare, '/', {}, body),
  )
  return rowsOf(name, ours, theirs)
}

function rowsOf(name: string, ours: readonly Loaded[], theirs: readonly Loaded[]): Row[] {
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
      aim: '≥ 0.40',
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
function pathOf({ appId, appSecret, systemToken }: BenchApp): string {
  const parameters = new URLSearchParams({
    limit: '50',
    fields: 'id,name,status,status_for_pending_request,owner_permissions',
    appsecret_proof: createHmac('sha256', appSecret).update(systemToken).digest('hex'),
  })
  return `/v26.0/${appId}/whatsapp_business_solutions?${parameters}`
}

/** Racing two servers that do different things would say nothing. */
async function sameAnswer(gatewayUrl: string, bareUrl: string): Promise<void> {
  const ask = async (url: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...authorization }
    return (await fetch(url, { method: 'POST', headers, body })).json()
  }
  const [ours, theirs] = await Promise.all([ask(`${gatewayUrl}/graphql`), ask(bareUrl)])
  const [text, bareText] = [JSON.stringify(ours), JSON.stringify(theirs)]
  if (text !== bareText)
    throw new Error(`The answers differ:\n${text.slice(0, 500)}\n${bareText.slice(0, 500)}`)
}

async function seed(url: string): Promise<BenchApp> {
  const settings = { solutions: 50, dailyActiveUsers: 1_000_000 }
  const body = JSON.stringify({ seed: settings })
  await fetch(`${url}/__sim/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  const state = (await (await fetch(`${url}/__sim/state`)).json()) as { apps: readonly BenchApp[] }
  const [app] = state.apps
  if (!app) throw new Error('The simulator has no app')
  return app
}
