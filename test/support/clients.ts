import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { WebSocket } from 'ws'
import { Inbox } from './inbox.ts'

/** A result as it comes over the wire. */
export interface Result<T> {
  readonly data?: T | null
  readonly errors?: readonly {
    message: string
    path?: (string | number)[]
    extensions?: Record<string, unknown>
  }[]
}

export interface Watch<T> {
  readonly inbox: Inbox<Result<T>>
  stop(): void
}

type Operation<T, V> = TypedDocumentNode<T, V>

/** One operation by plain fetch. */
export async function ask<T, V>(url: string, document: Operation<T, V>, variables: V): Promise<Result<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  })
  return (await response.json()) as Result<T>
}

/** The data of an operation that must not fail. */
export async function data<T, V>(url: string, document: Operation<T, V>, variables: V): Promise<T> {
  const result = await ask(url, document, variables)
  if (result.errors || !result.data) throw new Error(JSON.stringify(result.errors))
  return result.data
}

/** A subscription with graphql-ws' own client; resolves when the server has begun it. */
export async function watchByWs<T, V>(
  url: string,
  document: Operation<T, V>,
  variables: V,
): Promise<Watch<T>> {
  const client = createWs({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
  })
  const inbox = new Inbox<Result<T>>()
  const payload = { query: print(document), variables: variables as Record<string, unknown> }
  client.subscribe<T>(payload, sinkOf(inbox))
  // The protocol has no answer to `subscribe`; what is asked after it on the same socket is answered after it.
  await new Promise<void>((resolve) => {
    client.subscribe(
      { query: '{ __typename }' },
      { next: () => {}, error: () => resolve(), complete: resolve },
    )
  })
  return { inbox, stop: () => void client.dispose() }
}

/** A subscription with graphql-sse's own client, a connection of its own; resolves when it is accepted. */
export async function watchBySse<T, V>(
  url: string,
  document: Operation<T, V>,
  variables: V,
): Promise<Watch<T>> {
  const inbox = new Inbox<Result<T>>()
  const accepted = Promise.withResolvers<void>()
  const client = createSse({
    url: `${url}/graphql`,
    retryAttempts: 0,
    fetchFn: async (input: RequestInfo, init: RequestInit) => {
      const response = await fetch(input, init)
      accepted.resolve()
      return response
    },
  })
  const payload = { query: print(document), variables: variables as Record<string, unknown> }
  client.subscribe<T>(payload, sinkOf(inbox))
  await accepted.promise
  return { inbox, stop: () => client.dispose() }
}

function sinkOf<T>(inbox: Inbox<Result<T>>) {
  return {
    next: (result: unknown) => inbox.put(result as Result<T>),
    error: (error: unknown) => {
      inbox.put({ errors: Array.isArray(error) ? error : [{ message: String(error) }] })
      inbox.end(String(error))
    },
    complete: () => inbox.end('completed'),
  }
}
