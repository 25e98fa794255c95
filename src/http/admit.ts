import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { authenticate, type Actor } from '../access/authenticate.ts'
import { callerOf, plainAddress } from '../access/caller.ts'
import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/config.ts'
import type { Parts } from './parts.ts'
import type { ErrorReply } from './reply.ts'

const foreignOrigin =
  'Pages of other origins are not served: put the front end behind the same origin. A proxy in between has to leave ' +
  '`Host` as the browser sent it (no `changeOrigin`), or to be one of TRUSTED_PROXIES and send it as `X-Forwarded-Host`.'
const notDeliberate =
  'Send an `authorization` header or `x-mps-csrf: 1`, or a GraphQL operation as `content-type: application/json`.'

export const unauthenticated: ErrorReply = [
  401,
  'UNAUTHENTICATED',
  'Send the API key as `Authorization: Bearer …`.',
]

/** Who sends a request that may change something, or why it is refused. */
export function admitRequest(
  { config }: Pick<Parts, 'config'>,
  request: IncomingMessage,
): Actor | ErrorReply {
  if (isForeignOrigin(request, config)) return [403, 'FOREIGN_ORIGIN', foreignOrigin]
  if (!isDeliberate(request.headers)) return [403, 'CSRF', notDeliberate]
  return authenticate(config, request.headers) ?? unauthenticated
}

interface Authority {
  /** Without brackets, in lower case. */
  readonly name: string
  readonly port: string | null
}

/** A `Host` header or what follows the scheme of an origin; null when it is neither. */
function authorityIn(text: string | undefined): Authority | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@\s]+))(?::(\d{1,5}))?$/i.exec(text ?? '')
  const name = match?.[1] ?? match?.[2]
  return name === undefined ? null : { name: name.toLowerCase(), port: match?.[3] ?? null }
}

/**
 * Without an API key only this machine is served. A page of a foreign site may have its name resolve to this machine (DNS
 * rebinding): then the `Host` is not a name of this machine. And a proxy on this machine may bring callers from elsewhere:
 * whatever it says of them counts here, trusted or not.
 */
export function isLocalRequest({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  if (headers['forwarded'] !== undefined) return false
  const hosts = [headers.host, ...wordsOf(headers['x-forwarded-host'])]
  const senders = [...wordsOf(headers['x-forwarded-for']), ...wordsOf(headers['x-real-ip'])]
  return (
    hosts.every((host) => isLoopback(authorityIn(host)?.name ?? '')) &&
    senders.every((sender) => isLoopback(plainAddress(sender) ?? ''))
  )
}

function wordsOf(header: string | string[] | undefined): string[] {
  return header === undefined
    ? []
    : String(header)
        .split(',')
        .map((word) => word.trim())
}

const usualPorts = { http: '80', https: '443' } as const

/** True when a browser says that the request comes from another site's page. */
export function isForeignOrigin(request: IncomingMessage, config: Pick<Config, 'trustedProxies'>): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  const [, scheme, rest] = /^(https?):\/\/(.+)$/i.exec(origin) ?? []
  const { host, protocol } = callerOf(request, config.trustedProxies)
  const [page, own] = [authorityIn(rest), authorityIn(host)]
  if (!scheme || !page || !own) return true
  const usual = usualPorts[scheme.toLowerCase() as 'http' | 'https']
  // Nobody else can have a page at another name of this machine with the same port, whatever its name resolves to.
  const isOneName = page.name === own.name || (isLoopback(page.name) && isLoopback(own.name))
  // A proxy that was asked by https serves no page by http. One that was asked by http may stand behind one of https.
  const ownUsual = protocol === 'https' ? usualPorts.https : usual
  return !isOneName || (page.port ?? usual) !== (own.port ?? ownUsual)
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
