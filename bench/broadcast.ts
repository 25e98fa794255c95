import { startChild, type Child } from './support/child.ts'
import { median, megabytes, microseconds, perSecond, ratio } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { interleave } from './support/interleave.ts'
import { maxOpenFiles } from './support/limits.ts'
import { postAll } from './support/post-all.ts'
import { cpuMs, residentBytes } from './support/process-usage.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { createWebhook, printPost, printRequest } from './support/webhook.ts'

const rounds = 4
/** So many items a round, whatever the number of readers. */
const itemsEach = 100_000
const connections = 8

interface Round {
  /** Items that all readers together got in a second. */
  readonly perSecond: number
  /** Microseconds of the server. */
  readonly cpuPerItem: number
}

/** Events to many WebSockets, beside a server that only sends: the readers are in a process of their own. */
export async function broadcast(): Promise<Row[]> {
  return [...(await measure(1_000)), ...(await measure(5_000))]
}

async function measure(readers: number): Promise<Row[]> {
  const name = `broadcast to ${readers.toLocaleString('en')} WebSockets`
  const open = maxOpenFiles()
  if (open < readers + 100)
    return [{ what: `${name}: not measured, ulimit -n is ${open}`, gateway: '-', aim: '≥ 0.60' }]
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path })
  await using bare = await startChild('bench/support/servers/bare-broadcast.ts', { NODE_ENV: 'production' })
  await using ourReaders = await startReaders(gateway, readers)
  await using theirReaders = await startReaders(bare, readers)
  const item = await firstItem(gateway, ourReaders, readers)
  const events = Math.max(1, itemsEach / readers)
  const webhooks = () => Array.from({ length: events }, () => printRequest(createWebhook()))
  const posts = () => Array.from({ length: events }, () => printPost('/', {}, item))
  const [ours, theirs] = await interleave(
    rounds,
    () => send(gateway, ourReaders, webhooks(), readers),
    () => send(bare, theirReaders, posts(), readers),
  )
  const memory = megabytes(residentBytes(gateway.pid))
  return rowsOf(name, ours, theirs, memory, megabytes(residentBytes(bare.pid)))
}

const startReaders = (server: Child, readers: number): Promise<Child> =>
  startChild('bench/support/servers/ws-readers.ts', {
    TARGET: server.url,
    READERS: String(readers),
    API_KEY: apiKey,
  })

/** The bytes of an item as the gateway sends it. */
async function firstItem(gateway: Child, readers: Child, count: number): Promise<Buffer> {
  const seen = fetch(`${readers.url}/${count}`)
  await postAll(gateway.url, [printRequest(createWebhook())], 1)
  return Buffer.from(await (await seen).text())
}

async function send(server: Child, readers: Child, requests: Buffer[], count: number): Promise<Round> {
  const items = requests.length * count
  const seen = fetch(`${readers.url}/${items}`)
  const cpuBefore = cpuMs(server.pid)
  const begun = performance.now()
  await postAll(server.url, requests, Math.min(connections, requests.length))
  await (await seen).text()
  const seconds = (performance.now() - begun) / 1_000
  return { perSecond: items / seconds, cpuPerItem: ((cpuMs(server.pid) - cpuBefore) * 1_000) / items }
}

function rowsOf(
  name: string,
  ours: readonly Round[],
  theirs: readonly Round[],
  memory: string,
  bareMemory: string,
): Row[] {
  const both = (pick: (round: Round) => number) => [median(ours.map(pick)), median(theirs.map(pick))] as const
  const [rate, bareRate] = both((round) => round.perSecond)
  const [cpu, bareCpu] = both((round) => round.cpuPerItem)
  return [
    {
      what: `${name}: items`,
      gateway: perSecond(rate),
      bare: perSecond(bareRate),
      ratio: ratio(rate, bareRate),
      aim: '≥ 0.60',
    },
    {
      what: `${name}: processor time each`,
      gateway: microseconds(cpu),
      bare: microseconds(bareCpu),
      ratio: ratio(bareCpu, cpu),
    },
    { what: `${name}: memory`, gateway: memory, bare: bareMemory },
  ]
}
