import { createServer as createTcpServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { call, client, failureOf } from './support/client.ts'
import { selfSigned } from './support/self-signed.ts'
import { listen, startUpstream } from './support/upstream.ts'

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe.each(['GET', 'POST'] as const)('a %s', (method) => {
  const nothingSent = { kind: 'network', outcomeUnknown: false }

  test('to a port where nobody listens is a network error, and surely did not happen', async () => {
    const tally = { requests: 0, units: 0 }
    const error = await failureOf(call(client(`http://127.0.0.1:${await freePort()}`), method, tally))
    expect(error).toMatchObject(nothingSent)
    expect(error.message).toContain('ECONNREFUSED')
    expect(tally).toEqual({ requests: 0, units: 0 })
  })

  test('to a name that does not resolve is a network error', async () => {
    // A label of 64 letters is no DNS name, so the resolver refuses it without asking anybody.
    const error = await failureOf(call(client(`http://${'x'.repeat(64)}.invalid`), method))
    expect(error).toMatchObject(nothingSent)
    expect(error.message).toMatch(/ENOTFOUND|EAI_/)
  })

  test('to a server that speaks no TLS is a network error, tried once', async () => {
    const upstream = await startUpstream(() => undefined)
    const error = await failureOf(call(client(upstream.url.replace('http:', 'https:')), method))
    expect(error).toMatchObject(nothingSent)
    expect(upstream.sockets()).toBe(1)
  })

  test('never trusts a certificate that nobody vouches for', async () => {
    let received = ''
    const server = createTlsServer(selfSigned(), (socket) =>
      socket.on('data', (data) => (received += String(data))),
    )
    const { port } = await listen(server)
    const error = await failureOf(call(client(`https://127.0.0.1:${port}`), method))
    expect(error).toMatchObject({ ...nothingSent, transient: false })
    expect(error.message).toMatch(/SELF_SIGNED|CERT|UNABLE_TO_VERIFY/)
    expect(received).toBe('')
  })
})
