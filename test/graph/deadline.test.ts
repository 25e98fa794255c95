import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { get } from '../../src/graph/endpoint.ts'
import { customerOf, graph, social } from './support/apps.ts'
import { anyObject, client, credential, failureOf, read, write } from './support/client.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

describe('the deadline', () => {
  test('is one for all tries of a read together', async () => {
    const upstream = await startUpstream((response, _seen, count) => {
      if (count < 3) sendJson(response, 503, {})
    })
    const error = await failureOf(read(client(upstream.url, { deadlineMs: 2_000, random: () => 0 })))
    expect(error.kind).toBe('timeout')
    expect(upstream.seen).toHaveLength(3)
  })

  test('leaves the failure as it is when no time for another try remains', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 503, {}, { 'retry-after': '5' }))
    const error = await failureOf(read(client(upstream.url, { deadlineMs: 4_900 })))
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5, httpStatus: 503 })
    expect(upstream.seen).toHaveLength(1)
  })

  test('also ends a call that still waits for a socket, and such a write is never sent', async () => {
    const upstream = await startUpstream((response, seen) => {
      if (seen.method !== 'GET') sendJson(response, 200, {})
    })
    const slow = client(upstream.url, { connections: 1, deadlineMs: 2_000 })
    const first = failureOf(read(slow))
    // Its time ends before that of the read, which has the socket.
    const begun = performance.now() - 500
    const waiting = await failureOf(
      slow.request({ method: 'POST', path: ['123', 'things'], credential, expect: anyObject, begun }),
    )
    expect(waiting).toMatchObject({ kind: 'timeout', outcomeUnknown: false })
    expect((await first).kind).toBe('timeout')
    await slow.close()
    expect(upstream.seen.map((seen) => seen.method)).toEqual(['GET'])
  })
})

describe('reads that are a part of something', () => {
  const partners = (token: 'system' | 'business') =>
    ({ ...get(['7', 'partners'], {}, z.unknown()), token }) as const

  test('have no more time than the whole has left', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const begun = performance.now() - 500
    const options = { begun, signal: new AbortController().signal }
    const reads = [{ endpoint: partners('system'), as: { app: social } }]
    const [late] = await graph(upstream.url, { deadlineMs: 500 }).readAll(reads, options)
    expect(late).toMatchObject({ error: { kind: 'timeout' } })
    expect(upstream.seen).toEqual([])
  })

  test('wait no longer for a token that somebody else is having fetched', async () => {
    const upstream = await startUpstream(() => undefined)
    const caller = graph(upstream.url, { deadlineMs: 500 })
    const reads = [{ endpoint: partners('business'), as: customerOf('91') }]
    const first = caller.readAll(reads).then(() => 'first')
    const second = caller.readAll(reads, { begun: performance.now() - 500 })
    expect(await Promise.race([first, second])).toMatchObject([{ error: { kind: 'timeout' } }])
    await first
  })
})

describe('a caller who leaves', () => {
  test('ends a read, and the request with it', async () => {
    const gone = Promise.withResolvers<void>()
    const leaving = new AbortController()
    const upstream = await startUpstream((response) => {
      response.on('close', () => gone.resolve())
      leaving.abort()
    })
    const error = await failureOf(read(client(upstream.url), leaving.signal))
    expect(error.kind).toBe('aborted')
    await gone.promise
    expect(upstream.seen).toHaveLength(1)
  })

  test('ends the pause before the next try', async () => {
    const leaving = new AbortController()
    const upstream = await startUpstream((response) => {
      response.on('finish', () => setImmediate(() => leaving.abort()))
      sendJson(response, 503, {}, { 'retry-after': '5' })
    })
    const error = await failureOf(read(client(upstream.url), leaving.signal))
    expect(error.kind).toBe('aborted')
    expect(upstream.seen).toHaveLength(1)
  })

  test('does not stop a write that has begun', async () => {
    const leaving = new AbortController()
    const upstream = await startUpstream((response) => {
      leaving.abort()
      sendJson(response, 200, { success: true })
    })
    await expect(write(client(upstream.url), leaving.signal)).resolves.toEqual({ success: true })
  })

  test('before the start keeps both from being sent', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const graph = client(upstream.url)
    const read1 = await failureOf(read(graph, AbortSignal.abort()))
    const write1 = await failureOf(write(graph, AbortSignal.abort()))
    expect([read1, write1].map(({ kind, outcomeUnknown }) => [kind, outcomeUnknown])).toEqual([
      ['aborted', false],
      ['aborted', false],
    ])
    expect(upstream.sockets()).toBe(0)
  })
})
