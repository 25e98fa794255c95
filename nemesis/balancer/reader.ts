import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { WebSocket } from 'ws'
import { fleetHeaders, type Fleet } from '../../test/support/fleet.ts'

/** Follows `events` with a stock client, and goes on from its last cursor whatever ends it. */
export interface Reader {
  /** The cursors of what it was sent. */
  readonly cursors: readonly string[]
  /** The errors that it was told. */
  readonly errors: string[]
  leave(): void
}

const query = 'subscription ($after: String) { events(after: $after) { ... on Event { cursor } } }'
const pauseMs = 500

interface Item {
  readonly events: { readonly cursor?: string }
}
interface Sink {
  next(result: { readonly data?: Item | null | undefined; readonly errors?: unknown }): void
  error(error: unknown): void
  complete(): void
}
type Subscribe = (payload: { query: string; variables: Record<string, unknown> }, sink: Sink) => void

const forever = { retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true }

/** graphql-ws comes back by itself when its socket closes, and subscribes with what `variables` says then. */
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
  return read(
    after,
    (payload, sink) => client.subscribe<Item>(payload, sink),
    () => client.dispose(),
  )
}

function read(after: string | null, subscribe: Subscribe, leave: () => void): Reader {
  const [cursors, errors]: [string[], string[]] = [[], []]
  let isLeft = false
  const note = (error: unknown): void =>
    void errors.push(error instanceof Error ? error.message : JSON.stringify(error))
  const payload = {
    query,
    get variables() {
      return { after: cursors.at(-1) ?? after }
    },
  }
  const follow = (): void => {
    // Each subscription ends once, whatever is said of its end.
    const again = once(() => {
      if (!isLeft) setTimeout(follow, pauseMs)
    })
    subscribe(payload, {
      next: ({ data, errors: failed }) => {
        if (failed) note(failed)
        if (data?.events.cursor !== undefined) cursors.push(data.events.cursor)
      },
      error: (error) => {
        if (!isLeft) note(error)
        again()
      },
      complete: again,
    })
  }
  follow()
  return {
    cursors,
    errors,
    leave: () => {
      isLeft = true
      leave()
    },
  }
}

function once(call: () => void): () => void {
  let isCalled = false
  return () => {
    if (!isCalled) call()
    isCalled = true
  }
}
