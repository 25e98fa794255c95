import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { boundConnections } from '../../src/http/connections.ts'
import { startTestGateway } from '../support/gateway.ts'
import { exchange, readToEnd, say, statusOf } from './support/raw.ts'

const ask = 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'

describe('idle connections', () => {
  it('are closed when there are too many, and those in use are not', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/health/live') response.end('idle from now on')
      else response.write('this goes on')
    })
    boundConnections(server, { many: 3, most: 5 })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const inUse = await say(url, ask.replace('/health/live', '/stream'))
    await once(inUse, 'data')
    const idle = await Promise.all(Array.from({ length: 3 }, () => say(url, ask)))
    await Promise.all(idle.map(readToEnd))
    expect(inUse.closed).toBe(false)
    inUse.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it('that are too many are not taken', async () => {
    const server = createServer((_, response) => void response.write('this goes on'))
    boundConnections(server, { many: 2, most: 2 })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const taken = await Promise.all([say(url, ask), say(url, ask)])
    await Promise.all(taken.map((socket) => once(socket, 'data')))
    expect(await exchange(url, ask)).toBe('')
    for (const socket of taken) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('what is no request', () => {
  it.each([
    ['no HTTP', 400, 'BAD_REQUEST', 'hello\r\n\r\n'],
    [
      'headers of 17 KB',
      431,
      'HEADERS_TOO_LARGE',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    ],
  ])('as %s is answered with the reason and a name', async (_, status, code, bytes) => {
    await using gateway = await startTestGateway()
    const answer = await exchange(gateway.url, bytes)
    expect(statusOf(answer)).toBe(status)
    expect(answer).toMatch(/^x-request-id: [\da-f-]{36}\r$/im)
    expect(answer).toContain(`"code":"${code}"`)
  })
})
