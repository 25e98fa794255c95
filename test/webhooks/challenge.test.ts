import { describe, expect, it } from 'vitest'
import { luckyShrub, startGateway } from './gateway.ts'

const right = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify me', 'hub.challenge': '1158201444' }
const query = (values: Record<string, string>): string => `?${new URLSearchParams(values)}`

describe('the verification request', () => {
  it('is answered with exactly the challenge, as plain text that no browser guesses about', async () => {
    await using gateway = await startGateway()
    for (const challenge of ['1158201444', 'aZ09-_.~:+/=', 'x'.repeat(1024)]) {
      const response = await fetch(gateway.url + query({ ...right, 'hub.challenge': challenge }))
      expect(response.status).toBe(200)
      expect(await response.text()).toBe(challenge)
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
    expect(gateway.appends).toEqual([])
  })

  it.each([
    ['without anything', ''],
    ['with a wrong token', query({ ...right, 'hub.verify_token': 'verify you' })],
    ['with an empty token', query({ ...right, 'hub.verify_token': '' })],
    ['with another mode', query({ ...right, 'hub.mode': 'unsubscribe' })],
    ['without a challenge', '?hub.mode=subscribe&hub.verify_token=verify+me'],
    ['with a script for a challenge', query({ ...right, 'hub.challenge': '<script>' })],
    ['with a line end in the challenge', query({ ...right, 'hub.challenge': '1\r\nSet-Cookie: a=b' })],
    ['with too long a challenge', query({ ...right, 'hub.challenge': 'x'.repeat(1025) })],
    ['with other names', '?hub_mode=subscribe&hub_verify_token=verify+me&hub_challenge=1'],
    ['with nested names', '?hub[mode]=subscribe&hub[verify_token]=verify+me&hub[challenge]=1'],
    ['with two tokens', `${query(right)}&hub.verify_token=verify+me`],
    ['with a broken escape', '?hub.mode=subscribe&hub.verify_token=%E0%A4%A&hub.challenge=1'],
  ])('%s is refused and nothing of it echoed', async (_, text) => {
    await using gateway = await startGateway()
    const response = await fetch(gateway.url + text)
    expect(response.status).toBe(403)
    expect(await response.text()).toBe('not verified\n')
    expect(gateway.counts.get('refused verification')).toBe(1)
  })

  it('is accepted with any of several tokens, and never with a blank one', async () => {
    const app = { ...luckyShrub, verifyTokens: ['old', 'new', ''] }
    await using gateway = await startGateway({ apps: [app] })
    const status = async (token: string): Promise<number> =>
      (await fetch(gateway.url + query({ ...right, 'hub.verify_token': token }))).status
    expect([await status('old'), await status('new'), await status('')]).toEqual([200, 200, 403])
  })

  it('goes to the only app on the bare path, and to none when there are two', async () => {
    await using one = await startGateway()
    expect((await fetch(one.bareUrl + query(right))).status).toBe(200)
    await using two = await startGateway({ apps: [luckyShrub, { ...luckyShrub, appId: '637576208107267' }] })
    expect((await fetch(two.bareUrl + query(right))).status).toBe(404)
    expect((await fetch(two.url + query(right))).status).toBe(200)
    expect((await fetch(`${two.bareUrl}/404${query(right)}`)).status).toBe(404)
  })
})
