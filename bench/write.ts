import { startChild, type Child } from './support/child.ts'
import { median, milliseconds, quantile } from './support/figures.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import { interleave } from './support/interleave.ts'
import { postAll } from './support/post-all.ts'
import { startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { printPost } from './support/webhook.ts'

const rounds = 7
const writesEach = 150

const mutation = /* GraphQL */ `
  mutation Bench($input: CreateSolutionInput!) {
    createSolution(input: $input) {
      __typename
      ... on CreateSolutionPayload {
        solution {
          solutionId
        }
      }
      ... on Problem {
        message
      }
    }
  }
`

/** A mutation from the outside, one after another: beside the same calls of Graph and nothing else. */
export async function write(): Promise<Row[]> {
  using store = createStore()
  await using postgres = await startPostgres()
  return [
    ...(await measure('SQLite', `file:${store.path}`)),
    ...(await measure('PostgreSQL', await postgres.createDatabase())),
  ]
}

async function measure(place: string, databaseUrl: string): Promise<Row[]> {
  await using upstream = await startChild('bench/support/servers/write-upstream.ts', {})
  await using gateway = await startGateway({ databaseUrl, graphUrl: upstream.url })
  const calls = await callsOf(gateway, upstream)
  await using bare = await startChild('bench/support/servers/bare-calls.ts', {
    NODE_ENV: 'production',
    UPSTREAM_ORIGIN: upstream.url,
    CALLS: calls,
  })
  const [ours, theirs] = await interleave(
    rounds,
    () => send(gateway),
    () => send(bare),
  )
  const count = (JSON.parse(calls) as unknown[]).length
  return rowsOf(`write with a key, ${count} calls of Graph, ${place}`, ours, theirs)
}

/** What the gateway asks of Graph for one creation, in its order. */
async function callsOf(gateway: Child, upstream: Child): Promise<string> {
  await ask(gateway)
  await fetch(`${upstream.url}/__calls`, { method: 'DELETE' })
  const answer = await ask(gateway)
  if (!answer.includes('"CreateSolutionPayload"')) throw new Error(`Nothing was created: ${answer}`)
  return await (await fetch(`${upstream.url}/__calls`)).text()
}

async function ask({ url }: Child): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: createBody() })).text()
}

let keys = 0

function createBody(): string {
  const number = keys++
  const input = {
    name: `Bench ${process.pid} ${number}`,
    partnerAppId: '21202248997039',
    messaging: 'OWNER',
    idempotencyKey: `bench-${process.pid}-${number}`,
  }
  return JSON.stringify({ query: mutation, variables: { input } })
}

async function send(server: Child): Promise<readonly number[]> {
  const headers = { authorization: `Bearer ${apiKey}` }
  const requests = Array.from({ length: writesEach }, () =>
    printPost('/graphql', headers, Buffer.from(createBody())),
  )
  return (await postAll(server.url, requests, 1)).latencies
}

function rowsOf(
  name: string,
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): Row[] {
  const both = (share: number) =>
    [ours, theirs].map((rounds) => median(rounds.map((latencies) => quantile(latencies, share))))
  const [p50 = 0, bareP50 = 0] = both(0.5)
  const [p99 = 0, bareP99 = 0] = both(0.99)
  return [
    { what: `${name}: p50`, gateway: milliseconds(p50), bare: milliseconds(bareP50) },
    { what: `${name}: p99`, gateway: milliseconds(p99), bare: milliseconds(bareP99) },
    { what: `${name}: added, p50`, gateway: milliseconds(p50 - bareP50) },
  ]
}
