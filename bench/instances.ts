import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startChild, type Child } from './support/child.ts'
import { median, microseconds, milliseconds, perSecond, quantile, ratio } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { interleave } from './support/interleave.ts'
import { load, type Loaded } from './support/load.ts'
import { postAll } from './support/post-all.ts'
import { runSql, startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { solutionsQuery } from './support/solutions-query.ts'
import { createStore } from './support/store.ts'
import { printPost } from './support/webhook.ts'

const [owner, partner] = ['637576208107267', '21202248997039']
const writes = 60
const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }

/**
 * What it costs that every instance shows a write at once. The gateway asks the store before its memory answers; in the
 * place of a bare server stands a gateway that does not (MEMORY_CHECK=off).
 */
export async function instances(): Promise<Row[]> {
  await using postgres = await startPostgres()
  const database = () => postgres.createDatabase()
  return [
    ...(await readsAfterWrites('', database, database)),
    ...(await readsAfterWrites(', no notification comes', await withoutNotifications(database))),
    ...(await warmQueries(await database())),
  ]
}

type MakeDatabase = () => Promise<string>

/** As behind a pgbouncer in transaction mode: instances learn of each other's events by polling. */
async function withoutNotifications(make: MakeDatabase): Promise<MakeDatabase> {
  return async () => {
    const url = await make()
    await runSql(url, "CREATE FUNCTION pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT'")
    return `${url}?options=-csearch_path%3Dpublic%2Cpg_catalog`
  }
}

interface Seen {
  readonly staleShare: number
  readonly latencies: readonly number[]
}

/** A change through one instance, and at once a read through another, whose memory holds what was before. */
async function readsAfterWrites(
  name: string,
  withCheck: MakeDatabase,
  without: MakeDatabase = withCheck,
): Promise<Row[]> {
  await using simulator = await startChild('src/cli/simulate.ts', { SIMULATOR_PORT: '0' })
  const checked = await seenThroughOther(simulator, await withCheck(), 'on')
  const unchecked = await seenThroughOther(simulator, await without(), 'off')
  const both = (of: (seen: Seen) => string) => ({ gateway: of(checked), bare: of(unchecked) })
  const at = (share: number) => both(({ latencies }) => milliseconds(quantile(latencies, share)))
  return [
    {
      what: `read after write through another instance${name}: stale`,
      ...both(({ staleShare }) => `${Math.round(staleShare * 100)} %`),
      aim: '0 %',
    },
    { what: `read after write through another instance${name}: p50`, ...at(0.5) },
    { what: `read after write through another instance${name}: p99`, ...at(0.99) },
  ]
}

async function seenThroughOther(
  simulator: Child,
  databaseUrl: string,
  memoryCheck: 'on' | 'off',
): Promise<Seen> {
  using folder = createStore()
  const appsFile = await writeApps(simulator, join(dirname(folder.path), 'apps.json'))
  const start = () => startGateway({ databaseUrl, graphUrl: simulator.url, appsFile, memoryCheck })
  await using one = await start()
  await using other = await start()
  const input = { appId: owner, name: `Bench ${memoryCheck}`, partnerAppId: partner, messaging: 'PARTNER' }
  const created = await mutate(
    one,
    'createSolution',
    input,
    '... on CreateSolutionPayload { solution { solutionId } }',
  )
  const { solutionId } = (created['solution'] ?? {}) as { solutionId?: string }
  await mutate(one, 'acceptSolution', { solutionId, appId: partner })
  const document = JSON.stringify({ query: `{ solution(id: "${solutionId}") { status } }` })
  const read = printPost('/graphql', headers, Buffer.from(document))
  const latencies: number[] = []
  let stale = 0
  for (let write = 0; write < writes; write++) {
    const isAsked = write % 2 === 0
    await ask(other, document)
    await mutate(one, isAsked ? 'requestSolutionDeactivation' : 'rejectSolutionDeactivation', {
      solutionId,
      appId: isAsked ? owner : partner,
    })
    const begun = performance.now()
    const answer = await ask(other, document)
    latencies.push(performance.now() - begun)
    if (!answer.includes(isAsked ? '"PENDING_DEACTIVATION"' : '"ACTIVE"')) stale += 1
  }
  await postAll(other.url, [read], 1)
  return { staleShare: stale / writes, latencies }
}

/** The two apps of the simulator, as GATEWAY_CONFIG wants them. */
async function writeApps(simulator: Child, path: string): Promise<string> {
  const state = (await (await fetch(`${simulator.url}/__sim/state`)).json()) as {
    apps: Record<string, string>[]
  }
  const apps = state.apps
    .filter(({ appId = '' }) => [owner, partner].includes(appId))
    .map(({ appId, appSecret, systemToken, businessId, verifyToken }) => {
      return { appId, appSecret, systemToken, businessId, verifyToken }
    })
  writeFileSync(path, JSON.stringify({ apps }))
  return path
}

async function ask({ url }: Child, body: string): Promise<string> {
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text()
}

async function mutate(
  gateway: Child,
  field: string,
  input: object,
  selection = '',
): Promise<Record<string, unknown>> {
  const type = field === 'createSolution' ? 'CreateSolutionInput' : 'SolutionActionInput'
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} ... on Problem { message } } }`
  const answer = await ask(gateway, JSON.stringify({ query, variables: { input } }))
  const { data } = JSON.parse(answer) as { data?: Record<string, Record<string, unknown>> }
  const done = data?.[field]
  if (!String(done?.['__typename']).endsWith('Payload')) throw new Error(`${field} was answered ${answer}`)
  return done ?? {}
}

/** The warm query of `query`, on one PostgreSQL, by a gateway that asks the store each time and by one that does not. */
async function warmQueries(databaseUrl: string): Promise<Row[]> {
  await using upstream = await startChild('bench/support/servers/static-upstream.ts', { ANSWER_MS: '0' })
  const start = (memoryCheck: 'on' | 'off') =>
    startGateway({ databaseUrl, graphUrl: upstream.url, memoryCheck })
  await using checked = await start('on')
  await using unchecked = await start('off')
  const body = JSON.stringify({ query: solutionsQuery })
  const loaded = await interleave(
    4,
    () => load(checked, '/graphql', headers, () => body),
    () => load(unchecked, '/graphql', headers, () => body),
  )
  const requests = Array.from({ length: 1_000 }, () => printPost('/graphql', headers, Buffer.from(body)))
  const alone = await interleave(
    4,
    async () => (await postAll(checked.url, requests, 1)).latencies,
    async () => (await postAll(unchecked.url, requests, 1)).latencies,
  )
  const [p50 = 0, bareP50 = 0] = alone.map((rounds) => median(rounds.map((one) => median(one))))
  return [
    ...loadedRows('query, warm, PostgreSQL, 16 at once', loaded),
    {
      what: 'query, warm, PostgreSQL, one at a time: p50',
      gateway: microseconds(p50 * 1_000),
      bare: microseconds(bareP50 * 1_000),
    },
  ]
}

function loadedRows(name: string, both: readonly [readonly Loaded[], readonly Loaded[]]): Row[] {
  const of = (pick: (loaded: Loaded) => number) => both.map((rounds) => median(rounds.map(pick)))
  const [rate = 0, bareRate = 0] = of((loaded) => loaded.perSecond)
  const [p50 = 0, bareP50 = 0] = of((loaded) => loaded.p50)
  const [cpu = 0, bareCpu = 0] = of((loaded) => loaded.cpuPerRequest)
  return [
    {
      what: `${name}: requests`,
      gateway: perSecond(rate),
      bare: perSecond(bareRate),
      ratio: ratio(rate, bareRate),
      aim: '≥ 0.50',
    },
    { what: `${name}: p50`, gateway: milliseconds(p50), bare: milliseconds(bareP50) },
    {
      what: `${name}: processor time each`,
      gateway: microseconds(cpu),
      bare: microseconds(bareCpu),
      ratio: ratio(bareCpu, cpu),
    },
  ]
}
