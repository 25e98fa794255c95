import type { ServerResponse } from 'node:http'
import { sendJson, type Answer, type Seen } from './upstream.ts'

export interface SentItem {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** The items of a batch as they were sent, or null when the request is none. */
export function itemsOf({ method, url, body }: Seen): readonly SentItem[] | null {
  const isBatch = method === 'POST' && url.startsWith('/v26.0/?')
  return isBatch ? parseItems(new URLSearchParams(body).get('batch') ?? '[]') : null
}

function parseItems(json: string): SentItem[] {
  const items = JSON.parse(json) as { method: string; relative_url: string; body?: string }[]
  return items.map(({ method, relative_url, body }) => {
    const url = new URL(relative_url, 'http://item.invalid/')
    return { method, path: url.pathname.slice(1), query: Object.fromEntries(url.searchParams), body }
  })
}

export interface ItemAnswer {
  readonly code?: number
  readonly body?: unknown
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
}

/** An item as Graph writes it: its body is JSON in a string. */
export function item({ code = 200, body = {}, headers = [] }: ItemAnswer) {
  return { code, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

export function graphError(code: number, more: object = {}) {
  return { error: { message: 'said Graph', type: 'OAuthException', code, ...more } }
}

/** Answers each item, and each request that is no batch, by what it asks for. */
export function answerEach(answer: (asked: SentItem, response: ServerResponse) => ItemAnswer | null): Answer {
  return (response, seen) => {
    const items = itemsOf(seen)
    if (items !== null) {
      const rows = items.map((asked) => {
        const given = answer(asked, response)
        return given === null ? null : item(given)
      })
      return sendJson(response, 200, rows)
    }
    const url = new URL(seen.url, 'http://item.invalid/')
    const path = url.pathname.replace(/^\/v26\.0\//, '')
    const query = Object.fromEntries(url.searchParams)
    const given = answer({ method: seen.method, path, query, body: seen.body }, response) ?? { code: 500 }
    const headers = Object.fromEntries((given.headers ?? []).map(({ name, value }) => [name, value]))
    sendJson(response, given.code ?? 200, given.body ?? {}, headers)
  }
}
