import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './support/connection.ts'
import { madeUpApp } from './support/app.ts'
import { milliseconds } from './support/figures.ts'
import { startGateway } from './support/gateway.ts'
import { startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { Turns } from './support/turns.ts'
import { healthCall, timeOn, waits } from './support/waits.ts'
import { createWebhook, printRequest, signPost } from './support/webhook.ts'

const changes = 30_000
const rounds = 3

/** What others wait for while one post of 30,000 changes is taken in. */
export async function bigPosts(): Promise<Row[]> {
  using store = createStore()
  const rows = await measure('SQLite', `file:${store.path}`)
  await using postgres = await startPostgres()
  return [...rows, ...(await measure('PostgreSQL', await postgres.createDatabase()))]
}

async function measure(name: string, databaseUrl: string): Promise<Row[]> {
  using turns = new Turns()
  await using gateway = await startGateway({ databaseUrl, turnsFile: turns.file })
  const [answered, health, small]: [number[], number[], number[]] = [[], [], []]
  // What came before is the start.
  await turns.longest(gateway)
  for (let round = 0; round < rounds; round++) {
    const over = new AbortController()
    const others = [
      waits(gateway.url, healthCall, over.signal),
      waits(gateway.url, () => printRequest(createWebhook()), over.signal),
    ]
    answered.push(await time(gateway.url, printRequest(bigPost(round))))
    // Whatever follows a post is over soon after its answer.
    await sleep(2_000)
    over.abort()
    const [ofHealth = [], ofSmall = []] = await Promise.all(others)
    health.push(...ofHealth)
    small.push(...ofSmall)
  }
  const what = `one post of ${changes.toLocaleString('en')} changes, ${name}`
  const longest = milliseconds(await turns.longest(gateway))
  return [
    { what: `${what}: answered after`, gateway: milliseconds(Math.max(...answered)) },
    { what: `${what}: longest turn of the event loop, processor time`, gateway: longest, aim: '< 200 ms' },
    { what: `${what}: longest health call meanwhile`, gateway: milliseconds(Math.max(...health)) },
    { what: `${what}: longest small post meanwhile`, gateway: milliseconds(Math.max(...small)) },
  ]
}

const firstId = 1_689_556_908_000_000

/** Ids of Meta's have 16 digits and more, which may be no numbers to JavaScript: the text is looked through for them. */
function bigPost(round: number) {
  const value = (n: number) => ({ event: 'APPROVED', message_template_id: firstId + round * changes + n })
  const field = 'message_template_status_update'
  const entry = {
    id: madeUpApp.businessId,
    time: Math.floor(Date.now() / 1000),
    changes: Array.from({ length: changes }, (_, n) => ({ field, value: value(n) })),
  }
  return signPost({ object: 'whatsapp_business_account', entry: [entry] }, madeUpApp)
}

async function time(url: string, request: Buffer): Promise<number> {
  const connection = await Connection.open(url)
  const taken = await timeOn(connection, request)
  connection.close()
  return taken
}
