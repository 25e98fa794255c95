import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange, readToEnd, say } from './support/raw.ts'
import { startLoneGateway, tellOf, type LoneGateway } from './support/lone-gateway.ts'

// What a proxy speaks to the gateway when nobody has told it otherwise.
const post = (body: string, accept: string): string =>
  'POST /graphql HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n' +
  `Accept: ${accept}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const stream = post(
  JSON.stringify({ query: 'subscription { events { ... on ClientWabaEvent { wabaId } } }' }),
  'text/event-stream',
)

let gateway: LoneGateway
beforeAll(async () => {
  gateway = await startLoneGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

describe('a client of HTTP/1.0', () => {
  it('has a query answered as it is, and the connection closed behind it', async () => {
    const answer = await exchange(
      gateway.url,
      post(JSON.stringify({ query: '{ __typename }' }), 'application/json'),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).toMatch(/\r\n\r\n\{"data":\{"__typename":"Query"\}\}$/)
    expect(answer).not.toMatch(/transfer-encoding/i)
  })

  it('has the first bytes of a stream at once, and each event as it comes, not in chunks', async () => {
    const socket = await say(gateway.url, stream)
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    const has = (part: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => void (text.includes(part) && resolve())
        socket.on('data', look)
        look()
      })
    await has('\r\n\r\nretry: 2000\n\n')
    await tellOf(gateway.url, 1, 1)
    await has('"wabaId":"1"')
    expect(text).not.toMatch(/transfer-encoding/i)
    expect(text).toMatch(/x-accel-buffering: no/i)
    expect(text).toMatch(/cache-control: .*no-cache.*no-transform/i)
    socket.destroy()
    await readToEnd(socket)
  })
})
