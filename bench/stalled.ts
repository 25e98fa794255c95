import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { madeUpApp } from './support/app.ts'
import type { Child } from './support/child.ts'
import { megabytes, milliseconds, perSecond, quantile, ratio } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { residentBytes } from './support/process-usage.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { printPost } from './support/webhook.ts'

const readers = 1_000
/** Of these, half over WebSocket and half over SSE. */
const stalledReaders = 100
/** Each reader follows one solution of so many: 2,000 events a second are 4 for each reader, 4,000 items in all. */
const solutions = 500
const load = { postsPerSecond: 20, changesEach: 100 }
const seconds = { warmUp: 5, normal: 30, stalled: Number(process.env['STALLED_SECONDS'] ?? 60) }
/** How long after the last post everything must have come. */
const patienceMs = 60_000

const firstWaba = 980_000_000_000_000
const firstSolution = 1_715_120_619_000_000

/** One in ten of 1,000 readers stops reading for a minute: what the others notice of it. */
export async function stalled(): Promise<Row[]> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path })
  const run = new Run(gateway)
  await run.gather()
  await run.send(seconds.warmUp)
  const [before, memoryBefore] = await run.send(seconds.normal)
  run.stop()
  const [during, memoryDuring] = await run.send(seconds.stalled)
  const { closed, resumed } = await run.resume()
  const [p99, p99During] = [quantile(before, 0.99), quantile(during, 0.99)]
  const name = `${stalledReaders} of ${readers} readers stop for ${seconds.stalled} s`
  return [
    { what: `${name}: events`, gateway: perSecond(load.postsPerSecond * load.changesEach) },
    {
      what: `${name}: the others' p50`,
      gateway: milliseconds(quantile(during, 0.5)),
      bare: milliseconds(quantile(before, 0.5)),
    },
    {
      what: `${name}: the others' p99`,
      gateway: milliseconds(p99During),
      bare: milliseconds(p99),
      ratio: ratio(p99, p99During),
      aim: '> 0.50',
    },
    { what: `${name}: most memory`, gateway: megabytes(memoryDuring), bare: megabytes(memoryBefore) },
    { what: `${name}: sockets closed, as they answer no ping`, gateway: String(closed) },
    { what: `${name}: readers that then went on without a gap`, gateway: String(resumed) },
  ]
}

class Run {
  readonly #gateway: Child
  readonly #readers: Reader[] = []
  readonly #sentAt: number[] = []
  #latencies: number[] = []
  #events = 0
  #mostMemory = 0

  constructor(gateway: Child) {
    this.#gateway = gateway
  }

  async gather(): Promise<void> {
    const { url } = this.#gateway
    while (this.#readers.length < readers) {
      const few = Array.from({ length: 20 }, (_, n) => {
        const place = this.#readers.length + n
        const reader = new Reader(place % solutions, (event) => this.#arrived(event))
        return place % 2 === 0 ? reader.openWs(url) : reader.openSse(url)
      })
      this.#readers.push(...(await Promise.all(few)))
    }
  }

  /** Latencies of those who read, when all of it has come to them, and the most memory meanwhile, in bytes. */
  async send(seconds: number): Promise<[readonly number[], number]> {
    this.#latencies = []
    this.#mostMemory = 0
    const posts = Array.from({ length: seconds * load.postsPerSecond }, () => this.#post())
    const from = this.#events - posts.length * load.changesEach
    const watch = setInterval(() => this.#measure(), 500)
    const begun = performance.now()
    for (const [index, post] of posts.entries()) {
      const due = begun + (index * 1_000) / load.postsPerSecond
      if (due > performance.now()) await sleep(due - performance.now())
      for (let n = 0; n < load.changesEach; n++) this.#sentAt[from + index * load.changesEach + n] = due
      await this.#deliver(post)
    }
    await this.#complete(this.#readers.filter(({ reads }) => reads))
    clearInterval(watch)
    return [this.#latencies, this.#mostMemory]
  }

  stop(): void {
    for (const reader of this.#readers.slice(0, stalledReaders)) reader.stop()
  }

  async resume(): Promise<{ closed: number; resumed: number }> {
    const back = this.#readers.slice(0, stalledReaders)
    for (const reader of back) reader.go()
    await this.#complete(back)
    const closed = back.filter((reader) => reader.closed).length
    for (const { close } of this.#readers) close()
    return { closed, resumed: back.length - closed }
  }

  #post(): string {
    const body = postOf(this.#events, load.changesEach)
    this.#events += load.changesEach
    return body
  }

  /** One after the other, so that what comes later is newer. */
  async #deliver(body: string): Promise<void> {
    const signature = createHmac('sha256', madeUpApp.appSecret).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
    const url = `${this.#gateway.url}/webhooks/${madeUpApp.appId}`
    const { status } = await fetch(url, { method: 'POST', headers, body })
    if (status !== 200) throw new Error(`A post was answered ${status}`)
  }

  #arrived(event: number): void {
    this.#latencies.push(performance.now() - (this.#sentAt[event] ?? Number.NaN))
  }

  #measure(): void {
    this.#mostMemory = Math.max(this.#mostMemory, residentBytes(this.#gateway.pid))
  }

  async #complete(expected: readonly Reader[]): Promise<void> {
    const late = performance.now() + patienceMs
    const isBehind = ({ next, closed }: Reader): boolean => !closed && next < this.#events
    while (expected.some(isBehind)) {
      if (performance.now() > late) throw new Error(`${expected.filter(isBehind).length} readers are behind`)
      await sleep(5)
    }
  }
}

/** Knows which event has to come next, and takes no other in its place. */
class Reader {
  next: number
  reads = true
  closed = false
  close: () => void = () => {}
  readonly #solution: number
  readonly #arrived: (event: number) => void
  #pause: () => void = () => {}
  #resume: () => void = () => {}

  constructor(solution: number, arrived: (event: number) => void) {
    this.#solution = solution
    this.next = solution
    this.#arrived = arrived
  }

  stop(): void {
    this.reads = false
    this.#pause()
  }

  go(): void {
    this.#resume()
  }

  openWs(url: string): Promise<this> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const say = (message: object): void => socket.send(JSON.stringify(message))
    this.#pause = () => socket.pause()
    this.#resume = () => socket.resume()
    this.close = () => socket.terminate()
    socket.on('close', () => (this.closed = true))
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('open', () =>
        say({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } }),
      )
      socket.on('message', (data: Buffer) => {
        const text = data.toString('latin1')
        if (!text.includes('"connection_ack"')) return this.#take(text)
        say({ type: 'subscribe', id: '1', payload: { query: this.#query } })
        socket.ping()
      })
      socket.once('pong', () => resolve(this))
    })
  }

  openSse(url: string): Promise<this> {
    const { hostname, port } = new URL(url)
    const socket: Socket = connect(Number(port), hostname)
    this.#pause = () => socket.pause()
    this.#resume = () => socket.resume()
    this.close = () => socket.destroy()
    socket.on('close', () => (this.closed = true))
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${apiKey}` }
    socket.write(printPost('/graphql', headers, Buffer.from(JSON.stringify({ query: this.#query }))))
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      let rest = ''
      socket.on('data', (chunk: Buffer) => {
        const events = (rest + chunk.toString('latin1')).split('\n\n')
        rest = events.pop() ?? ''
        for (const event of events) this.#take(event)
        resolve(this)
      })
    })
  }

  get #query(): string {
    const solutionId = firstSolution + this.#solution
    return `subscription { events(filter: { solutionId: "${solutionId}" }) { ... on ClientWabaEvent { wabaId } } }`
  }

  #take(text: string): void {
    const waba = /"wabaId":"(\d+)"/.exec(text)?.[1]
    if (waba === undefined) return
    const event = Number(waba) - firstWaba
    if (event !== this.next) throw new Error(`Event ${event} came in place of ${this.next}`)
    this.next += solutions
    if (this.reads) this.#arrived(event)
  }
}

function postOf(from: number, count: number): string {
  const entry = Array.from({ length: count }, (_, n) => ({
    id: madeUpApp.businessId,
    time: 1_750_000_000,
    changes: [{ field: 'account_update', value: onboarded(from + n) }],
  }))
  return JSON.stringify({ object: 'whatsapp_business_account', entry })
}

function onboarded(event: number) {
  return {
    event: 'PARTNER_ADDED',
    waba_info: {
      waba_id: String(firstWaba + event),
      owner_business_id: '2329417887457253',
      solution_id: String(firstSolution + (event % solutions)),
      solution_partner_business_ids: ['506914307656634', '520744086200222'],
    },
  }
}
