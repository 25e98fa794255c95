import { setTimeout as sleep } from 'node:timers/promises'
import { startChild, type Child } from './support/child.ts'
import { median, megabytes, milliseconds } from './support/figures.ts'
import { startGateway, startSandbox } from './support/gateway.ts'
import { residentBytes } from './support/process-usage.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'

const rounds = 7
const idleMs = 3_000

const startBare = (): Promise<Child> => startChild('bench/support/servers/bare-start.ts', {})

/** From the spawn of the process to the first 200 of its readiness, on a new store; and what it then holds. */
export async function start(): Promise<Row[]> {
  const times = { bare: [] as number[], gateway: [] as number[], sandbox: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await timed(startBare))
    times.gateway.push(await timedGateway())
    times.sandbox.push(await timed(startSandbox))
  }
  const bare = milliseconds(median(times.bare))
  return [
    { what: 'start to ready', gateway: milliseconds(median(times.gateway)), bare, aim: '≤ 1,500 ms' },
    { what: 'start to ready, sandbox', gateway: milliseconds(median(times.sandbox)), bare },
    ...(await idleMemory()),
  ]
}

async function timedGateway(): Promise<number> {
  using store = createStore()
  return await timed(() => startGateway({ databasePath: store.path }))
}

async function timed(start: () => Promise<Child>): Promise<number> {
  const begun = performance.now()
  await using child = await start()
  const { status } = await fetch(`${child.url}/health/ready`)
  if (status !== 200) throw new Error(`${child.url} answered ${status} and is not ready`)
  return performance.now() - begun
}

async function idleMemory(): Promise<Row[]> {
  using store = createStore()
  await using bare = await startBare()
  await using gateway = await startGateway({ databasePath: store.path })
  await using sandbox = await startSandbox()
  await sleep(idleMs)
  const [ours, both, least] = [gateway, sandbox, bare].map(({ pid }) => megabytes(residentBytes(pid)))
  return [
    { what: 'idle memory', gateway: ours ?? '-', bare: least ?? '-', aim: '≤ 160 MB' },
    { what: 'idle memory, sandbox', gateway: both ?? '-', bare: least ?? '-' },
  ]
}
