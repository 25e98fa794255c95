import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './support/child.ts'
import { milliseconds, perSecond, quantile, megabytes } from './support/figures.ts'
import { startGateway } from './support/gateway.ts'
import { Ledger } from './support/ledger.ts'
import { postAll } from './support/post-all.ts'
import { residentBytes } from './support/process-usage.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { subscribeBySse, subscribeByWs, type Arrived } from './support/subscribers.ts'
import { createWebhook, printRequest, wabaIdOf, type Webhook } from './support/webhook.ts'

const subscribersEach = 200
const burst = 100
const steady = { perSecond: 10, seconds: 5 }

/** One webhook to 200 WebSockets and 200 SSE streams of `events`. */
export async function fanout(): Promise<Row[]> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path })
  const ledger = new Ledger(2 * subscribersEach)
  using subscribers = await subscribeAll(gateway, (wabaId) => ledger.arrived(wabaId))
  await send(gateway, ledger, [createWebhook()])
  const rate = await atOnce(gateway, ledger)
  const latencies = await steadily(gateway, ledger)
  const count = subscribers.count
  const name = `fan-out to ${count}`
  return [
    { what: `${name}: items of ${burst} events sent at once`, gateway: perSecond(rate), aim: '≥ 10,000/s' },
    { what: `${name}: events`, gateway: perSecond(rate / count) },
    {
      what: `${name}: webhook to subscriber, p50`,
      gateway: milliseconds(quantile(latencies, 0.5)),
      aim: '≤ 20 ms',
    },
    {
      what: `${name}: webhook to subscriber, p99`,
      gateway: milliseconds(quantile(latencies, 0.99)),
      aim: '≤ 250 ms',
    },
    { what: `${name}: memory`, gateway: megabytes(residentBytes(gateway.pid)) },
  ]
}

async function subscribeAll({ url }: Child, arrived: Arrived): Promise<Disposable & { count: number }> {
  const open = new DisposableStack()
  // A few at a time: the gateway holds back strangers who come in crowds.
  for (let opened = 0; opened < subscribersEach; opened += 20) {
    const few = Array.from({ length: 20 }, () => [subscribeByWs(url, arrived), subscribeBySse(url, arrived)])
    for (const subscriber of await Promise.all(few.flat())) open.use(subscriber)
  }
  return { count: 2 * subscribersEach, [Symbol.dispose]: () => open.dispose() }
}

async function send(gateway: Child, ledger: Ledger, webhooks: readonly Webhook[]): Promise<void> {
  for (const webhook of webhooks) ledger.sending(wabaIdOf(webhook))
  await postAll(
    gateway.url,
    webhooks.map((webhook) => printRequest(webhook)),
    Math.min(8, webhooks.length),
  )
  await ledger.complete()
}

/** Items a second, all subscribers together. */
async function atOnce(gateway: Child, ledger: Ledger): Promise<number> {
  const webhooks = Array.from({ length: burst }, () => createWebhook())
  const begun = performance.now()
  await send(gateway, ledger, webhooks)
  return (burst * 2 * subscribersEach * 1_000) / (performance.now() - begun)
}

async function steadily(gateway: Child, ledger: Ledger): Promise<readonly number[]> {
  ledger.latencies.length = 0
  const sent: Promise<void>[] = []
  for (let event = 0; event < steady.perSecond * steady.seconds; event++) {
    sent.push(send(gateway, ledger, [createWebhook()]))
    await sleep(1_000 / steady.perSecond)
  }
  await Promise.all(sent)
  return ledger.latencies
}
