import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { authenticate, type Actor } from '../access/authenticate.ts'
import { isLoopback } from '../config/config.ts'
import type { Parts } from './parts.ts'
import type { ErrorReply } from './reply.ts'

const foreignOrigin =
  'Pages of other origins are not served: put the front end behind the same origin. A proxy in between has to leave ' +
  '`Host` as the browser sent it (no `changeOrigin`).'
const notDeliberate =
  'Send an `authorization` header or `x-mps-csrf: 1`, or a GraphQL operation as `content-type: application/json`.'

export const unauthenticated: ErrorReply = [
  401,
  'UNAUTHENTICATED',
  'Send the API key as `Authorization: Bearer …`.',
]

/** Who sends a request that may change something, or why it is refused. */
export function admitRequest({ config, draining }: Parts, { headers }: IncomingMessage): Actor | ErrorReply {
  if (isForeignOrigin(headers)) return [403, 'FOREIGN_ORIGIN', foreignOrigin]
  if (!isDeliberate(headers)) return [403, 'CSRF', notDeliberate]
  const actor = authenticate(config, headers)
  if (actor && draining.aborted) return [503, 'SHUTTING_DOWN', 'The gateway is stopping.']
  return actor ?? unauthenticated
}

/** The host name of a `Host` header or an origin, without port and brackets; null when it is neither. */
function hostName(authority: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@\s]+))(?::\d{1,5})?$/i.exec(authority ?? '')
  return match ? (match[1] ?? match[2] ?? null) : null
}

/**
 * Without an API key only this machine is served, and a page of a foreign site may have its name resolve to
 * this machine (DNS rebinding): then the `Host` is not a name of this machine.
 */
export function isLocalHost(headers: IncomingHttpHeaders): boolean {
  const name = hostName(headers.host)
  return name !== null && isLoopback(name)
}

/** True when a browser says that the request comes from another site's page. */
export function isForeignOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return false
  const [, authority] = /^https?:\/\/(.+)$/.exec(origin) ?? []
  return authority === undefined || !(authority === host || areOneLoopback(authority, host))
}

/** Two names of this machine with the same port: nobody else can have a page there, whatever its name resolves to. */
function areOneLoopback(one: string, other: string | undefined): boolean {
  const isLocal = [one, other].every((authority) => isLoopback(hostName(authority) ?? ''))
  return isLocal && portOf(one) === portOf(other)
}

function portOf(authority = ''): string | undefined {
  return /:(\d+)$/.exec(authority)?.[1]
}

const csrfHeaders = [
  'x-mps-csrf',
  'x-graphql-yoga-csrf',
  'x-csrf',
  'apollo-require-preflight',
  'graphql-require-preflight',
]

/**
 * True when no page of another site could have made the request without a preflight, which is never
 * answered here: a JSON body, a header that browsers do not send by themselves, or the page's own site.
 */
function isDeliberate(headers: IncomingHttpHeaders): boolean {
  return (
    isJson(headers['content-type']) ||
    headers.authorization !== undefined ||
    headers['sec-fetch-site'] === 'same-origin' ||
    csrfHeaders.some((name) => headers[name] !== undefined)
  )
}

export function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '')
}

/** The path as it came: nothing is decoded or resolved, so `/graphql/../x` is no path of ours. */
export function pathOf(url: string | undefined): string | null {
  return /^(\/[^?#]*)/.exec(url ?? '')?.[1] ?? null
}
