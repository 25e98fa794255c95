import { describe, expect, it } from 'vitest'
import { PostgresProcess } from '../support/postgres-process.ts'
import { until } from '../support/until.ts'
import { startLoneGateway, tellOf } from './support/lone-gateway.ts'
import { openKnownWire } from './support/socket.ts'
import { post } from './support/probe.ts'

const query =
  'subscription ($after: String) { events(after: $after) { ... on ClientWabaEvent { wabaId details } } }'

/** A stream that is read when somebody asks for it, to its end or until so many accounts have come. */
async function openStream(url: string, after: string | null) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { after } }),
  })
  return async (accounts = Number.POSITIVE_INFINITY) => {
    const [ids, cursors, rest] = [[] as number[], [] as string[], [] as string[]]
    for await (const frame of framesOf(response)) {
      const id = /"wabaId":"(\d+)"/.exec(frame)?.[1]
      if (id === undefined) rest.push(frame)
      else ids.push(Number(id))
      cursors.push(...(/^id: (.+)$/m.exec(frame)?.slice(1) ?? []))
      if (ids.length >= accounts) break
    }
    return { ids, rest, cursor: cursors.at(-1) ?? null }
  }
}

async function* framesOf({ body }: Response): AsyncGenerator<string, void, void> {
  let text = ''
  for await (const chunk of body ?? []) {
    const frames = (text + new TextDecoder().decode(chunk)).split('\n\n')
    text = frames.pop() ?? ''
    yield* frames
  }
}

async function firstCursor(url: string): Promise<string> {
  const { data } = await post(url, '{ events(first: 1) { edges { cursor } } }')
  return (data as { events: { edges: [{ cursor: string }] } }).events.edges[0].cursor
}

const tells = (url: string, account: number): Promise<boolean> =>
  tellOf(url, account, 1).then(
    () => true,
    () => false,
  )

// More than the buffers of a connection hold, so that a reader has some of it before itself when the store goes.
const [posts, each, size] = [100, 50, 4_000]
const all = (count: number) => Array.from({ length: count }, (_, n) => n + 2)

describe('when the store goes away', () => {
  it('a stream has one error and ends, a socket goes on, and who comes back has missed nothing', async () => {
    const postgres = await PostgresProcess.start()
    try {
      await using gateway = await startLoneGateway({ DATABASE_URL: postgres.url })
      const { url } = gateway
      for (let told = 0; told < posts; told++) await tellOf(url, 1 + told * each, each, size)
      const after = await firstCursor(url)
      const read = await openStream(url, after)
      const wire = await openKnownWire(url)
      wire.subscribe('1', query, { after })
      await wire.inbox.next()
      wire.socket.pause()

      await postgres.kill()
      const { ids, rest, cursor } = await read()
      expect(rest.slice(1)).toEqual([
        `event: next\nid: ${cursor}\ndata: {"errors":[${JSON.stringify(error)}]}`,
        'event: complete\ndata:',
      ])
      wire.socket.resume()
      expect(await wire.inbox.next(({ type }) => type !== 'next')).toEqual({
        type: 'error',
        id: '1',
        payload: [error],
      })
      wire.subscribe('2', '{ __typename }')
      await wire.inbox.next(({ id, type }) => id === '2' && type === 'complete')
      expect(wire.inbox.seen.at(-3)?.type).toBe('error')

      await postgres.restart()
      await until(() => tells(url, 1 + posts * each))
      const again = await (await openStream(url, cursor))(posts * each - ids.length)
      expect([...ids, ...again.ids]).toEqual(all(posts * each))
      wire.socket.terminate()
      gateway.child.process.kill('SIGTERM')
      expect(await gateway.child.ended).toBe(0)
    } finally {
      await postgres.stop()
    }
  })
})

const error = {
  message: 'The event store cannot be used at the moment.',
  extensions: { code: 'STORE_UNAVAILABLE', retryable: true, waitsFor: 'US' },
}
