import type { IncomingMessage } from 'node:http'

import { type GraphCall, splitPath } from '../graph/call.ts'
import { type Params, fromSearch, merge, text } from '../graph/params.ts'
import type { Entry } from './journal.ts'

export interface Incoming {
  readonly call: GraphCall
  readonly tokenIn: Entry['tokenIn']
}

const headerToken = (request: IncomingMessage): string | undefined =>
  /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]

function whereToken(request: IncomingMessage, search: Params, body: Params): Entry['tokenIn'] {
  if (headerToken(request) !== undefined) return 'header'
  if (search.has('access_token')) return 'query'
  return body.has('access_token') ? 'body' : 'none'
}

/** A body of a GET is not looked at. */
export function incoming(request: IncomingMessage, url: URL, bodyParams: Params): Incoming {
  const method = request.method ?? 'GET'
  const search = fromSearch(url.searchParams)
  const body: Params = method === 'GET' ? new Map() : bodyParams
  const params = merge(search, body)
  return {
    tokenIn: whereToken(request, search, body),
    call: {
      ...splitPath(url.pathname),
      method,
      params,
      token: headerToken(request) ?? text(params, 'access_token'),
      proof: text(params, 'appsecret_proof'),
      refused: [],
    },
  }
}
