import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './support/child.ts'
import { milliseconds, quantile } from './support/figures.ts'
import { startGateway } from './support/gateway.ts'
import { Ledger } from './support/ledger.ts'
import { postSteadily } from './support/post-steadily.ts'
import { startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { subscribeBySse, subscribeByWs } from './support/subscribers.ts'
import { createWebhook, printRequest, wabaIdOf } from './support/webhook.ts'

const perSecond = 500
const seconds = { warm: 3, measured: 12 }
const subscribersEach = 5

/** Signed webhooks at an even pace, each from the time that it was due until a subscriber has it. */
export async function latency(): Promise<Row[]> {
  using store = createStore()
  await using postgres = await startPostgres()
  return [
    ...(await measure('SQLite', `file:${store.path}`)),
    ...(await measure('PostgreSQL', await postgres.createDatabase())),
  ]
}

async function measure(name: string, databaseUrl: string): Promise<Row[]> {
  await using gateway = await startGateway({ databaseUrl })
  const ledger = new Ledger(2 * subscribersEach)
  using _subscribers = await subscribe(gateway, ledger)
  await send(gateway, ledger, seconds.warm)
  ledger.latencies.length = 0
  const answered = await send(gateway, ledger, seconds.measured)
  const what = `${perSecond} webhooks/s to ${2 * subscribersEach} subscribers, ${name}`
  return [
    { what: `${what}: webhook to 200, p50`, gateway: milliseconds(quantile(answered, 0.5)) },
    { what: `${what}: webhook to 200, p99`, gateway: milliseconds(quantile(answered, 0.99)) },
    { what: `${what}: webhook to subscriber, p50`, gateway: milliseconds(quantile(ledger.latencies, 0.5)) },
    {
      what: `${what}: webhook to subscriber, p99`,
      gateway: milliseconds(quantile(ledger.latencies, 0.99)),
      aim: '≤ 100 ms',
    },
  ]
}

async function subscribe({ url }: Child, ledger: Ledger): Promise<Disposable> {
  const open = new DisposableStack()
  const arrived = (wabaId: string): void => ledger.arrived(wabaId)
  for (let opened = 0; opened < subscribersEach; opened++) {
    open.use(await subscribeByWs(url, arrived))
    open.use(await subscribeBySse(url, arrived))
  }
  // What SSE has begun to answer may not follow yet; nothing shows it from outside.
  await sleep(500)
  return open
}

/** Milliseconds until each 200. */
async function send(gateway: Child, ledger: Ledger, seconds: number): Promise<readonly number[]> {
  const webhooks = Array.from({ length: perSecond * seconds }, () => createWebhook())
  const ids = webhooks.map(wabaIdOf)
  const requests = webhooks.map((webhook) => printRequest(webhook))
  const latencies = await postSteadily(gateway.url, requests, perSecond, (index, due) =>
    ledger.sending(ids[index] ?? '', due),
  )
  await ledger.complete()
  return latencies
}
