import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { bodyOf, post, receivedAt, sign, startGateway, update, type Sender } from './gateway.ts'

type Gateway = Awaited<ReturnType<typeof startGateway>>

const size = 3_400_000
const large = (name: string): string => bodyOf([update('ACCOUNT_VIOLATION', { name, pad: 'x'.repeat(size) })])
const small = (n: number): string => bodyOf([update('ACCOUNT_DELETED')], undefined, 1_743_451_903 + n)

/** Sends all but the end of a body whose signature is well formed and false. */
async function withhold(gateway: Gateway, bytes: number, from?: string): Promise<Sender> {
  const socket = await gateway.connect(from)
  socket.write(
    `POST ${new URL(gateway.url).pathname} HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: ${sign('never')}\r\n` +
      `Content-Length: ${bytes + 1}\r\n\r\n`,
  )
  socket.write(Buffer.alloc(bytes))
  return socket
}

/** Addresses of this machine, from which strangers send. */
const strangers = Array.from({ length: 10 }, (_, n) => `127.0.0.${n + 2}`)

async function crowd(gateway: Gateway, eachSends: number, bytes: number): Promise<readonly Sender[]> {
  const all = strangers.flatMap((address) => Array.from({ length: eachSends }, () => address))
  const sockets = await Promise.all(all.map((address) => withhold(gateway, bytes, address)))
  // A body that is still on its way would leave room for the next post.
  await until(() => gateway.hasRead(sockets, bytes))
  return sockets
}

const statusOf = async (sent: Promise<Response>): Promise<number> => (await sent).status

describe('large bodies under way', () => {
  it('are 48 MB at most: what is more is to be sent again, and what ends or breaks off makes room', async () => {
    await using gateway = await startGateway()
    for (const round of ['first', 'second']) {
      const sockets = await crowd(gateway, 2, size)
      expect(gateway.counts.get('refused busy')).toBeGreaterThanOrEqual(6)
      const refused = await post(gateway.url, large(round))
      expect([round, refused.status, refused.headers.get('connection')]).toEqual([round, 503, 'close'])
      expect(refused.headers.get('retry-after')).toBe('5')
      for (const socket of sockets) socket.destroy()
      await until(async () => (await post(gateway.url, large(round))).status === 200)
      gateway.counts.clear()
    }
    for (let times = 0; times < 40; times++) expect((await post(gateway.url, large('x'))).status).toBe(200)
  })

  it('of strangers push out none of 50 posts of the usual size', async () => {
    await using gateway = await startGateway()
    const sockets = await crowd(gateway, 3, size)
    const sent = Array.from({ length: 50 }, (_, n) => statusOf(post(gateway.url, small(n))))
    expect(new Set(await Promise.all(sent))).toEqual(new Set([200]))
    expect(gateway.stored.size).toBe(50)
    for (const socket of sockets) socket.destroy()
  })

  it('of strangers push out none of 50 posts while they come, and again and again', async () => {
    await using gateway = await startGateway()
    const over = new AbortController()
    const attack = strangers.map(async (address) => {
      while (!over.signal.aborted) {
        const socket = await withhold(gateway, size, address)
        await until(() => over.signal.aborted || gateway.hasRead([socket], size))
        socket.destroy()
      }
    })
    const statuses: number[] = []
    for (let n = 0; n < 50; n++) statuses.push(await statusOf(post(gateway.url, small(n))))
    over.abort()
    await Promise.all(attack)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  it('that take long give way to a large post of Meta', async () => {
    let now = receivedAt
    await using gateway = await startGateway({ now: () => now })
    const sockets = await crowd(gateway, 2, size)
    const refused = gateway.counts.get('refused busy') ?? 0
    expect(await statusOf(post(gateway.url, large('too soon')))).toBe(503)
    now += 2_000
    for (let n = 0; n < 20; n++) expect(await statusOf(post(gateway.url, large(String(n))))).toBe(200)
    // Only as many as had to.
    expect(gateway.counts.get('refused busy')).toBe(refused + 2)
    for (const socket of sockets) socket.destroy()
  })

  it('of one sender give way to those of others', async () => {
    await using gateway = await startGateway()
    const greedy = await Promise.all(Array.from({ length: 16 }, () => withhold(gateway, size, '127.0.0.2')))
    await until(() => gateway.hasRead(greedy, size))
    for (let n = 0; n < 5; n++) expect(await statusOf(post(gateway.url, large(String(n))))).toBe(200)
    for (const socket of greedy) socket.destroy()
  })
})
