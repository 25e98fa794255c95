import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import type { Row } from './support/row.ts'
import { solutionsQuery } from './support/solutions-query.ts'
import { createStore } from './support/store.ts'
import { healthCall, waits } from './support/waits.ts'

const row = (n: number) => ({ id: String(n), name: 'A solution', status: 'ACTIVE' })

/** As large as the gateway takes them, 4 MB, or as deep as that allows. */
const answers: Readonly<Record<string, string>> = {
  'a million lists in each other': `{"data":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`,
  'half a million objects in each other': `{"data":[${'{"id":'.repeat(500_000)}1${'}'.repeat(500_000)}]}`,
  '70,000 rows in one page': JSON.stringify({ data: Array.from({ length: 70_000 }, (_, n) => row(n)) }),
  'a name of 4 million characters': JSON.stringify({ data: [{ ...row(1), name: 'x'.repeat(4_000_000) }] }),
  'a text of 4 million characters in an error': JSON.stringify({
    error: { code: 100, message: '"{['.repeat(1_300_000) },
  }),
}
const rounds = 3

/** What others wait for while Graph answers as it never should. */
export async function strangeAnswers(): Promise<Row[]> {
  let answer = ''
  const upstream = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(answer)
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  using store = createStore()
  const graphUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  await using gateway = await startGateway({ databasePath: store.path, graphUrl })
  const rows: Row[] = []
  for (const [what, text] of Object.entries(answers)) {
    answer = text
    rows.push({
      what: `Graph answers with ${what}: longest health call meanwhile`,
      gateway: milliseconds(await longest(gateway.url)),
      aim: '< 200 ms',
    })
  }
  upstream.closeAllConnections()
  upstream.close()
  return rows
}

async function longest(url: string): Promise<number> {
  const over = new AbortController()
  const others = waits(url, healthCall, over.signal)
  for (let round = 0; round < rounds; round++) await ask(url)
  await sleep(200)
  over.abort()
  return Math.max(...(await others))
}

async function ask(url: string): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: solutionsQuery }),
  })
  await response.arrayBuffer()
}
