import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useServerSentEvents } from '../../src/http/sse.ts'
import { until } from '../support/until.ts'
import { say } from './support/raw.ts'

const long = 'a'.repeat(100_000)
let [given, isOver] = [0, false]

/** Gives without end what it is asked for, and tells when it is let go. */
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
const yoga = createYoga({
  schema,
  logging: false,
  context: (given: object) => ({ ...given, streamPosition: { resumeFrom: null, cursor: null } }),
  plugins: [useServerSentEvents() as never],
})
const server = createServer(yoga)

beforeEach(async () => {
  ;[given, isOver] = [0, false]
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

describe('a client of server-sent events that reads nothing', () => {
  it('is asked to wait, and its stream ends when it breaks off', async () => {
    const body = JSON.stringify({ query: 'subscription { long }' })
    const socket = await say(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
        `Accept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
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
  })
})
