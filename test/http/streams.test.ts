import { createClient } from 'graphql-sse'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { metric, post } from './support/probe.ts'
import { readToEnd, say } from './support/raw.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const watch = 'subscription { events { ... on Event { kind } } }'
const openStreams = (): Promise<number> => metric(gateway.url, 'mps_streams')
const streams = (count: number): Promise<void> => until(async () => (await openStreams()) === count)
const client = () => createClient({ url: `${gateway.url}/graphql`, retryAttempts: 0 })
const stream = (headers: Record<string, string>, query = watch, signal?: AbortSignal): Promise<Response> =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  })

afterEach(() => streams(0))

describe('a stream over SSE', () => {
  it('brings events to the client of graphql-sse, and ends with it', async () => {
    const results = client().iterate({ query: watch })
    const first = results.next()
    await streams(1)
    await create('Streamed')
    expect((await first).value).toMatchObject({ data: { events: { kind: 'SOLUTION_CREATED' } } })
    await results.return?.()
    await streams(0)
  })

  it('brings a query too, and ends by itself', async () => {
    const results = client().iterate({ query: '{ apps { appId } }' })
    expect((await results.next()).value).toMatchObject({ data: { apps: [{}, {}] } })
    expect(await results.next()).toMatchObject({ done: true })
  })

  it('is counted while it is open, also for who takes anything, and not afterwards', async () => {
    const leave = new AbortController()
    const responses = await Promise.all(
      ['text/event-stream', '*/*', 'text/event-stream, */*;q=0.1'].map((accept) =>
        stream({ accept }, watch, leave.signal),
      ),
    )
    for (const { headers } of responses) expect(headers.get('content-type')).toBe('text/event-stream')
    expect(await openStreams()).toBe(3)
    leave.abort()
    await streams(0)
  })

  it('does not count what was no stream', async () => {
    await stream({ accept: 'text/event-stream' }, '{ nope }').then((response) => response.text())
    await stream({ accept: 'text/event-stream' }, '{ __typename }').then((response) => response.text())
    await stream({ accept: 'application/json' }, watch).then((response) => response.body?.cancel())
    await streams(0)
    expect(await openStreams()).toBe(0)
  })

  it('leaves nothing behind when 200 clients break off', async () => {
    const body = JSON.stringify({ query: watch })
    const head = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n`
    const sockets = await Promise.all(Array.from({ length: 200 }, () => say(gateway.url, head + body)))
    await streams(200)
    for (const socket of sockets) socket.destroy()
    await streams(0)
    expect(await openStreams()).toBe(0)
  })

  it.each([
    ['a forged cursor', 'subscription { events(after: "forged") { __typename } }', 'INVALID_INPUT'],
    [
      'an id of another type',
      'subscription { solutionStatusChanged(solutionId: "nonsense") { status } }',
      'INVALID_INPUT',
    ],
    ['an unknown field', 'subscription { events { nope } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a broken query', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
  ])('says of %s what is wrong, with a code, and ends', async (_, query, code) => {
    const text = await (await stream({ accept: 'text/event-stream' }, query)).text()
    expect(text).toContain(`"code":"${code}"`)
    expect(text).toMatch(/event: next\ndata: \{.*\}\n\nevent: complete\ndata:\n\n$/)
  })

  it('does not hold up others when its client reads nothing', async () => {
    const body = JSON.stringify({ query: watch })
    const deaf = await say(
      gateway.url,
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    deaf.pause()
    const results = client().iterate({ query: watch })
    const first = results.next()
    await streams(2)
    await create('Not held up')
    expect((await first).value).toMatchObject({ data: { events: { kind: 'SOLUTION_CREATED' } } })
    await results.return?.()
    deaf.destroy()
  })

  it('ends with `event: complete` when the gateway stops', async () => {
    const other = await startTestGateway()
    const body = JSON.stringify({ query: watch })
    const socket = await say(
      other.url,
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const answer = readToEnd(socket)
    await until(async () => (await metric(other.url, 'mps_streams')) === 1)
    await other.close()
    expect(await answer).toMatch(/event: complete\ndata:\n\n/)
  })
})

async function create(name: string): Promise<void> {
  const input = `appId: "637576208107267", name: "${name}", partnerAppId: "21202248997039", messaging: OWNER`
  const reply = await post(gateway.url, `mutation { createSolution(input: { ${input} }) { __typename } }`)
  expect(reply.data).toEqual({ createSolution: { __typename: 'CreateSolutionPayload' } })
}
