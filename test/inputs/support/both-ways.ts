import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { graphql } from '../../support/graphql.ts'

export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string }[]
}

export interface BothWays {
  ask(query: string, variables: object): Promise<{ readonly http: Answer; readonly ws: Answer }>
  close(): Promise<void>
}

/** Asks the same by HTTP and by a WebSocket that stays open. */
export function openBothWays(url: string): BothWays {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
  const bySocket = (query: string, variables: object): Promise<Answer> =>
    new Promise((resolve) => {
      client.subscribe(
        { query, variables: variables as Record<string, unknown> },
        {
          next: (result) => resolve(result as Answer),
          error: (errors) => resolve({ errors: errors as NonNullable<Answer['errors']> }),
          complete: () => {},
        },
      )
    })
  return {
    ask: async (query, variables) => ({
      http: await graphql(url, query, variables),
      ws: await bySocket(query, variables),
    }),
    close: async () => client.dispose(),
  }
}
