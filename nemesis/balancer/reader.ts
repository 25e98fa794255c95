import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { WebSocket } from 'ws'
import { fleetHeaders, type Fleet } from '../../test/support/fleet.ts'

/** Follows `events` with a stock client that comes back by itself. */
export interface Reader {
  /** The cursors of what it was sent. */
  readonly cursors: readonly string[]
  /** What ended it for good, where something did. */
  readonly end: () => string | null
  leave(): void
}

const query = 'subscription ($after: String) { events(after: $after) { ... on Event { cursor } } }'

interface Item {
  readonly events: { readonly cursor?: string }
}

const forever = { retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true }

/** graphql-ws comes back when its socket closes, and subscribes with what `variables` says then. */
export function readByWs(fleet: Fleet, after: string | null): Reader {
  const client = createWs({
    url: `${fleet.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: fleetHeaders,
    ...forever,
  })
  return read(
    after,
    (payload, sink) => client.subscribe<Item>(payload, sink),
    () => void client.dispose(),
  )
}

/** graphql-sse takes the `complete` of an instance that ends for an end: whoever wants more subscribes again. */
export function readBySse(fleet: Fleet, after: string | null): Reader {
  const client = createSse({ url: `${fleet.url}/graphql`, headers: fleetHeaders, ...forever })
  let isLeft = false
  const subscribe: Subscribe = (payload, sink) => {
    const again = (): void => void client.subscribe<Item>(payload, { ...sink, complete })
    const complete = (): void => {
      if (!isLeft) again()
    }
    again()
  }
  return read(after, subscribe, () => {
    isLeft = true
    client.dispose()
  })
}

interface Sink {
  next(result: { readonly data?: Item | null | undefined; readonly errors?: unknown }): void
  error(error: unknown): void
  complete(): void
}
type Subscribe = (payload: { query: string; variables: Record<string, unknown> }, sink: Sink) => void

function read(after: string | null, subscribe: Subscribe, leave: () => void): Reader {
  const cursors: string[] = []
  let end: string | null = null
  const payload = {
    query,
    get variables() {
      return { after: cursors.at(-1) ?? after }
    },
  }
  subscribe(payload, {
    next: ({ data, errors }) => {
      if (errors) end = JSON.stringify(errors)
      if (data?.events.cursor !== undefined) cursors.push(data.events.cursor)
    },
    error: (error) => void (end = describe(error)),
    complete: () => void (end = 'complete'),
  })
  return { cursors, end: () => end, leave }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error))
