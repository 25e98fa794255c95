import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'

import { lucky, play } from './support/world.ts'

/** How a request with these headers is answered. */
async function reply(url: string, method: string, headers: Record<string, string>) {
  const sent = request(url, { method, headers }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, body: JSON.parse(text) as object }
}

const foreign: [string, Record<string, string>][] = [
  ['a name that was made to resolve to this machine', { host: 'evil.example:4001' }],
  ['a name that begins like a local one', { host: 'localhost.evil.example' }],
  ['another address', { host: '192.168.0.7:4001' }],
  ['the page of another site', { origin: 'https://evil.example' }],
  ['a page that begins like a local one', { origin: 'http://127.0.0.1:80@evil.example' }],
  ['a page of no site', { origin: 'null' }],
]

describe('the simulator', () => {
  it.each(foreign)('refuses %s, on its own routes and on Graph’s, and does nothing', async (_, headers) => {
    const { sim, system } = await play()
    const before = sim.state()
    const callback = `callback_url=http%3A%2F%2F127.0.0.1%3A1&object=whatsapp_business_account`
    const replies = [
      await reply(`${sim.url}/__sim/state`, 'GET', headers),
      await reply(`${sim.url}/__sim/onboard`, 'POST', headers),
      await reply(`${sim.url}/${lucky}?access_token=${system(lucky)}`, 'GET', headers),
      await reply(`${sim.url}/${lucky}/subscriptions?${callback}`, 'POST', headers),
    ]
    for (const { status, body } of replies)
      expect([status, body]).toMatchObject([
        403,
        { error: { code: 10, message: expect.any(String) as string } },
      ])
    expect({ ...sim.state(), now: before.now }).toEqual(before)
  })

  it.each([
    { host: 'localhost:4001' },
    { host: 'LOCALHOST' },
    { host: '127.0.0.1' },
    { host: '[::1]:4001' },
    { origin: 'http://localhost:4000' },
    { origin: 'http://[::1]' },
  ])('serves %o', async (headers) => {
    const { sim, system } = await play()
    expect((await reply(`${sim.url}/__sim/state`, 'GET', headers)).status).toBe(200)
    const path = `/${lucky}?access_token=${system(lucky)}`
    expect((await reply(`${sim.url}${path}`, 'GET', headers)).status).toBe(200)
  })
})
