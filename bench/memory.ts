import { setTimeout as sleep } from 'node:timers/promises'
import { startChild, type Child } from './support/child.ts'
import { megabytes } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { Connection } from './support/connection.ts'
import { residentBytes } from './support/process-usage.ts'
import type { Row } from './support/row.ts'
import { cursorAt, solutionsQuery } from './support/solutions-query.ts'
import { createStore } from './support/store.ts'
import { printPost } from './support/webhook.ts'

const objects = 100_000
const perPage = 50
const settleMs = 3_000

/** What it costs to have asked for many objects, beside a gateway that was asked as often for the same few. */
export async function memory(): Promise<Row[]> {
  await using upstream = await startChild('bench/support/servers/paged-upstream.ts', {})
  const few = await measure(upstream, () => 0)
  const many = await measure(upstream, (page) => page)
  const name = `memory after ${objects.toLocaleString('en')} solutions read`
  return [
    { what: name, gateway: megabytes(many) },
    { what: `${name}, the same ${perPage} over and over`, gateway: megabytes(few) },
    { what: `${name}: difference`, gateway: megabytes(many - few), aim: '≤ 150 MB' },
  ]
}

async function measure(upstream: Child, pageOf: (index: number) => number): Promise<number> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path, graphUrl: upstream.url })
  const connection = await Connection.open(gateway.url)
  for (let index = 0; index < objects / perPage; index++) await connection.ask(request(pageOf(index)))
  connection.close()
  await sleep(settleMs)
  return residentBytes(gateway.pid)
}

function request(page: number): Buffer {
  const after = cursorAt(String(page))
  const body = Buffer.from(JSON.stringify({ query: solutionsQuery, variables: { after } }))
  return printPost('/graphql', { authorization: `Bearer ${apiKey}` }, body)
}
