import { createServer } from 'node:http'
import { BlockList, type AddressInfo, type Socket } from 'node:net'
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { Gauge } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useServerSentEvents, useStreams } from '../../src/http/sse.ts'
import { until } from '../support/until.ts'
import { say } from './support/raw.ts'

const long = 'a'.repeat(100_000)
let [given, isOver] = [0, false]
let refusals = 0

/** Gives without end what it is asked for, and notes when it is let go. */
async function* source(): AsyncGenerator<string, void, void> {
  try {
    for (;;) {
      given++
      yield long
    }
  } finally {
    isOver = true
  }
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { a: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: { long: { type: GraphQLString, subscribe: source, resolve: (text: string) => text } },
  }),
})
const streams = new Gauge({ name: 'streams', help: 'Streams.', labelNames: ['transport'], registers: [] })
const yoga = createYoga({
  schema,
  logging: false,
  context: (initial: object) => ({ ...initial, streamPosition: { resumeFrom: null, cursor: null } }),
  plugins: [
    useStreams(
      { streams, countRefused: () => void refusals++ },
      { trustedProxies: new BlockList() },
      { all: 1, perCaller: 1 },
    ) as never,
    useServerSentEvents() as never,
  ],
})
const server = createServer(yoga)
const body = JSON.stringify({ query: 'subscription { long }' })
const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  ;[given, isOver] = [0, false]
})
afterEach(() => void vi.useRealTimers())

function subscribe(): Promise<Socket> {
  return say(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n' +
      `Accept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
}

/** What has come when this has. */
async function textOf(socket: Socket, last: string): Promise<string> {
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.includes(last)) break
  }
  return text
}

const count = async (): Promise<number> => (await streams.get()).values[0]?.value ?? 0

describe('a client of server-sent events that reads nothing', () => {
  it('is asked to wait, and its stream ends when it breaks off', async () => {
    const socket = await subscribe()
    socket.pause()
    let [before, looks] = [0, 0]
    await until(() => {
      looks = given > 0 && given === before ? looks + 1 : 0
      before = given
      return looks === 20
    })
    expect(isOver).toBe(false)
    socket.destroy()
    await until(() => isOver)
    expect(given).toBe(before)
    await until(async () => (await count()) === 0)
  })

  it('is not pinged meanwhile, and was told when to connect again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const response = await yoga.fetch('http://127.0.0.1/graphql', { method: 'POST', headers, body })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value)
    expect(await read()).toBe('retry: 2000\n\n')
    await until(() => given === 1)
    vi.advanceTimersByTime(600_000)
    const chunks = [await read(), await read(), await read(), await read()]
    // One may have found the place of the event that was still on its way.
    expect(chunks.filter((chunk) => chunk === ':\n\n').length).toBeLessThanOrEqual(1)
    await reader.cancel()
    expect(isOver).toBe(true)
  })
})

describe('the limit of streams', () => {
  it('refuses one more, and takes another when one has ended', async () => {
    const first = await subscribe()
    await until(async () => (await count()) === 1)
    const refused = await subscribe()
    expect(await textOf(refused, 'event: complete')).toContain('TOO_MANY_STREAMS')
    expect(refusals).toBe(1)
    refused.destroy()
    first.destroy()
    await until(async () => (await count()) === 0)
    const second = await subscribe()
    await until(async () => (await count()) === 1)
    second.destroy()
    await until(async () => (await count()) === 0)
  })
})
