import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Item } from '../../nemesis/load/items.ts'
import { openSse } from '../../nemesis/load/sse-stream.ts'

const place = { after: '', appId: null }
const item = 'event: next\nid: a\ndata: {"data":{"events":{"__typename":"SolutionEvent"}}}\n\n'
const error = 'event: next\nid: a\ndata: {"errors":[{"message":"m","extensions":{"code":"GONE"}}]}\n\n'
const complete = 'event: complete\ndata:\n\n'

/** What a subscriber makes of such an answer. */
async function hear(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const items: Item[] = []
  const { port } = server.address() as AddressInfo
  const reason = await openSse(`http://127.0.0.1:${port}`, place, (item) => items.push(item)).over
  server.closeAllConnections()
  server.close()
  return { reason, types: items.map(({ __typename }) => __typename) }
}

describe('a subscriber over SSE', () => {
  it('takes an error and the end of the stream behind it as they are', async () => {
    const { reason, types } = await hear((response) => response.end(item + error + complete))
    expect({ reason, types }).toEqual({ reason: 'GONE', types: ['SolutionEvent'] })
  })

  it('tells of what comes behind an error, and does not wait for the end of it', async () => {
    const { reason, types } = await hear((response) => response.write(item + error + error + error))
    expect(reason).toBe('GONE')
    expect(types).toEqual(['SolutionEvent', expect.stringMatching(/^behind GONE: /)])
  })
})
