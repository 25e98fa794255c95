import { type Dispatcher, request } from 'undici'

import { sign } from './sign.ts'

/** What the callback answered; status 0 when it did not. */
export interface Receipt {
  readonly status: number
  readonly body?: string
  readonly error?: string
}

export type Post = (url: string, secret: string, bytes: Buffer, signal: AbortSignal) => Promise<Receipt>

// Messenger's page "Webhooks" names five seconds; WhatsApp's pages name no time
const patience = 5000
const errorText = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'NO_ANSWER'
}

/** One delivery. Redirects are not followed: a 3xx is not a 200. */
export function createPost(dispatcher: Dispatcher): Post {
  return async (url, secret, bytes, signal) => {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': sign(secret, bytes),
    }
    const limits = { headersTimeout: patience, bodyTimeout: patience, dispatcher, signal }
    try {
      const answer = await request(url, { method: 'POST', headers, body: bytes, ...limits })
      const body = await answer.body.text()
      return { status: answer.statusCode, body: body.slice(0, 1000) }
    } catch (error) {
      return { status: 0, error: errorText(error) }
    }
  }
}
