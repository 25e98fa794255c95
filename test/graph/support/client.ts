import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { createGraphClient, type GraphClient, type GraphClientOptions } from '../../../src/graph/client.ts'
import type { Credential } from '../../../src/graph/viewer.ts'
import type { GraphMethod, Tally } from '../../../src/graph/endpoint.ts'
import { GraphError } from '../../../src/graph/error.ts'

export const credential: Credential = {
  appId: '21202248997039',
  kind: 'system',
  token: 'EAAGcanarytokencanarytoken0123456789',
  appSecret: '0123456789abcdef0123456789abcdef',
}

export const anyObject = z.looseObject({})

export function client(url: string, options: Partial<GraphClientOptions> = {}): GraphClient {
  const made = createGraphClient({ baseUrl: url, version: 'v26.0', random: () => 0.01, ...options })
  onTestFinished(() => made.close())
  return made
}

export function read(graph: GraphClient, signal?: AbortSignal, tally?: Tally): Promise<unknown> {
  return graph.request({ method: 'GET', path: ['123'], credential, expect: anyObject, signal, tally })
}

export function write(graph: GraphClient, signal?: AbortSignal, tally?: Tally): Promise<unknown> {
  const body = { name: 'x' }
  return graph.request({
    method: 'POST',
    path: ['123', 'things'],
    body,
    credential,
    expect: anyObject,
    signal,
    tally,
  })
}

export function call(graph: GraphClient, method: GraphMethod, tally?: Tally): Promise<unknown> {
  return method === 'POST' ? write(graph, undefined, tally) : read(graph, undefined, tally)
}

/** The error that a call ends with; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<GraphError> {
  const outcome = await work.then(
    () => 'an answer',
    (error: unknown) => error,
  )
  if (outcome instanceof GraphError) return outcome
  throw new Error(`expected a GraphError, got ${String(outcome)}`)
}
