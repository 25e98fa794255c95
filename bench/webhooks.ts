import { madeUpApp } from './support/app.ts'
import { startChild, type Child } from './support/child.ts'
import { median, microseconds, milliseconds, perSecond, quantile, ratio } from './support/figures.ts'
import { startGateway } from './support/gateway.ts'
import { interleave } from './support/interleave.ts'
import { postAll } from './support/post-all.ts'
import { cpuMs } from './support/process-usage.ts'
import { runSql, startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { createWebhook, printRequest } from './support/webhook.ts'

const rounds = 5

interface Load {
  readonly name: string
  readonly posts: number
  readonly connections: number
  readonly changesEach: number
  readonly aim: string
}
const small: Load = {
  name: 'webhooks, 1 change each',
  posts: 8_000,
  connections: 64,
  changesEach: 1,
  aim: '≥ 0.75',
}
const large: Load = {
  name: 'webhooks, 1,000 changes each',
  posts: 30,
  connections: 4,
  changesEach: 1_000,
  aim: '≥ 20/s',
}

interface Round {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuPerPost: number
}

interface Place {
  readonly name: string
  readonly url: string
  readonly bareUrl: string
  /** How many events the gateway's store holds. */
  count(): Promise<number>
}

/** Signed webhooks, each a new one, until the 200 that says they are on disk. */
export async function webhooks(): Promise<Row[]> {
  return [...(await onSqlite()), ...(await onPostgres())]
}

async function onSqlite(): Promise<Row[]> {
  using store = createStore()
  using bareStore = createStore()
  const [url, bareUrl] = [`file:${store.path}`, `file:${bareStore.path}`]
  const count = async (): Promise<number> => store.count('events')
  return await measure({ name: 'SQLite', url, bareUrl, count }, [small, large])
}

async function onPostgres(): Promise<Row[]> {
  await using postgres = await startPostgres()
  const [url, bareUrl] = [await postgres.createDatabase(), await postgres.createDatabase()]
  const count = async (): Promise<number> =>
    Number((await runSql(url, 'SELECT count(*) AS n FROM events'))['n'])
  return await measure({ name: 'PostgreSQL', url, bareUrl, count }, [small])
}

async function measure(place: Place, loads: readonly Load[]): Promise<Row[]> {
  const rows = await race(place, loads)
  const changes = loads.reduce((sum, { posts, changesEach }) => sum + posts * changesEach, 0)
  const [stored, expected] = [await place.count(), (rounds + 1) * changes]
  if (stored !== expected)
    throw new Error(`${expected} changes were answered 200, ${stored} are in the store`)
  return rows
}

async function race({ name, url, bareUrl }: Place, loads: readonly Load[]): Promise<Row[]> {
  await using gateway = await startGateway({ databaseUrl: url })
  await using bare = await startChild('bench/support/servers/bare-intake.ts', {
    NODE_ENV: 'production',
    APP_SECRET: madeUpApp.appSecret,
    STORE_URL: bareUrl,
  })
  const rows: Row[] = []
  for (const load of loads) {
    const [ours, theirs] = await interleave(
      rounds,
      () => post(gateway, load),
      () => post(bare, load),
    )
    rows.push(...rowsOf(name, load, ours, theirs))
  }
  return rows
}

async function post(server: Child, { posts, connections, changesEach }: Load): Promise<Round> {
  const requests = Array.from({ length: posts }, () => printRequest(createWebhook(changesEach)))
  const cpuBefore = cpuMs(server.pid)
  const { seconds, latencies } = await postAll(server.url, requests, connections)
  const cpuPerPost = ((cpuMs(server.pid) - cpuBefore) * 1_000) / posts
  return {
    perSecond: posts / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpuPerPost,
  }
}

function rowsOf(place: string, load: Load, ours: readonly Round[], theirs: readonly Round[]): Row[] {
  const { aim } = load
  const name = `${load.name}, ${place}`
  const both = (pick: (round: Round) => number) => [median(ours.map(pick)), median(theirs.map(pick))] as const
  const [rate, bareRate] = both((round) => round.perSecond)
  const [p50, bareP50] = both((round) => round.p50)
  const [p99, bareP99] = both((round) => round.p99)
  const [cpu, bareCpu] = both((round) => round.cpuPerPost)
  return [
    {
      what: `${name}: posts`,
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
