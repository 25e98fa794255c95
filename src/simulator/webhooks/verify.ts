import { randomInt } from 'node:crypto'

import { type Dispatcher, request } from 'undici'

import { GraphError, invalid } from '../graph/error.ts'

/** Makes the verification GET and throws Graph's refusal unless the challenge comes back. */
export type VerifyCallback = (callbackUrl: string, verifyToken: string) => Promise<void>

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Meta takes HTTPS only; the simulator also takes plain HTTP on this machine. */
function callbackAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const fine = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))
  if (url === undefined || !fine)
    throw invalid('Param callback_url must be an https URL (or http to this machine)')
  return url
}

const failed = (why: string): GraphError =>
  new GraphError(2200, `(#2200) Callback verification failed with the following errors: ${why}`)

export function createVerify(dispatcher: Dispatcher, signal: AbortSignal): VerifyCallback {
  return async (callbackUrl, verifyToken) => {
    const url = callbackAddress(callbackUrl)
    const challenge = String(randomInt(100_000_000, 2_000_000_000))
    url.searchParams.set('hub.mode', 'subscribe')
    url.searchParams.set('hub.challenge', challenge)
    url.searchParams.set('hub.verify_token', verifyToken)
    const limits = { headersTimeout: 5000, bodyTimeout: 5000, dispatcher, signal }
    const answer = await request(url, { headers: { 'user-agent': 'facebookplatform/1.0' }, ...limits }).catch(
      () => {
        throw failed('the URL could not be reached')
      },
    )
    const body = await answer.body.text().catch(() => '')
    if (answer.statusCode !== 200) throw failed(`HTTP status code = ${answer.statusCode}`)
    if (body !== challenge) throw failed('the answer is not the challenge')
  }
}
