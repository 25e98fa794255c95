import { describe, expect, test } from 'vitest'
import { client, failureOf, read, write } from './support/client.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

describe('the deadline', () => {
  test('is one for all tries of a read together', async () => {
    const upstream = await startUpstream((response, _seen, count) => {
      if (count < 3) sendJson(response, 503, {})
    })
    const error = await failureOf(read(client(upstream.url, { deadlineMs: 600, random: () => 0 })))
    expect(error.kind).toBe('timeout')
    expect(upstream.seen).toHaveLength(3)
  })

  test('leaves the failure as it is when no time for another try remains', async () => {
    const upstream = await startUpstream((response) => sendJson(response, 503, {}, { 'retry-after': '1' }))
    const error = await failureOf(read(client(upstream.url, { deadlineMs: 900 })))
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 1, httpStatus: 503 })
    expect(upstream.seen).toHaveLength(1)
  })

  test('also ends a call that still waits for a socket, and such a write is never sent', async () => {
    const upstream = await startUpstream((response, seen) => {
      if (seen.method === 'GET') setTimeout(() => sendJson(response, 200, {}), 300)
      else sendJson(response, 200, {})
    })
    const slow = client(upstream.url, { connections: 1, deadlineMs: 150 })
    const first = failureOf(read(slow))
    const waiting = await failureOf(write(slow))
    expect(waiting).toMatchObject({ kind: 'timeout', outcomeUnknown: false })
    expect((await first).kind).toBe('timeout')
    await slow.close()
    expect(upstream.seen.map((seen) => seen.method)).toEqual(['GET'])
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
