import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { MemoryDocuments } from '../../src/lib/documents.ts'
import { serveDocuments } from '../../src/http/documents.ts'
import type { Parts } from '../../src/http/parts.ts'
import { until } from '../support/until.ts'

const all = 100 * 1024 * 1024

/** The route on a server of its own, beside the documents that it fills. */
async function start() {
  const documents = new MemoryDocuments(Date.now, true)
  const draining = new AbortController().signal
  const parts = { config: { apiKey: null, apps: [] }, draining, documents } as unknown as Parts
  const server = createServer((request, response) => {
    serveDocuments(parts, request, response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    documents,
    port,
    upload: (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/documents`, { method: 'POST', body, headers: { 'x-mps-csrf': '1' } }),
    hasRoomFor: (bytes: number): boolean => {
      const share = documents.arriving()
      const had = share.take(bytes)
      share.leave()
      return had
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('uploads that are under way', () => {
  it('count into the 100 MB from their first bytes until they break off', async () => {
    await using gateway = await start()
    const socket = connect(gateway.port, '127.0.0.1').on('error', () => undefined)
    socket.write('POST /documents HTTP/1.1\r\nHost: a\r\nX-Mps-Csrf: 1\r\nContent-Length: 5000000\r\n\r\n')
    socket.write(Buffer.alloc(4_900_000))
    await until(() => !gateway.hasRoomFor(all - 4_900_000 + 1))
    expect(gateway.hasRoomFor(all - 5_000_000)).toBe(true)
    socket.destroy()
    await until(() => gateway.hasRoomFor(all))
  })

  it('are answered 503 beyond it, and leave nothing behind, taken or refused', async () => {
    await using gateway = await start()
    const others = gateway.documents.arriving()
    others.take(all - 1_000_000)
    const pdf = Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(2_000_000)])
    const refused = await gateway.upload(pdf)
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('"BUSY"')])
    expect((await gateway.upload(Buffer.alloc(900_000))).status).toBe(415)
    expect((await gateway.upload(Buffer.alloc(900_000))).status).toBe(415)
    others.leave()
    expect((await gateway.upload(pdf)).status).toBe(201)
    expect([gateway.hasRoomFor(all - pdf.length), gateway.hasRoomFor(all - pdf.length + 1)]).toEqual([
      true,
      false,
    ])
  })
})
