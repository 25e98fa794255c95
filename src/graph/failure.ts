import { errors } from 'undici'
import { GraphError } from './error.ts'

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])
const CLOSED = /^UND_ERR_(?:CLOSED|DESTROYED)$/
const TLS = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|^EPROTO$|^HOSTNAME_MISMATCH$/

/** Names what stopped an exchange. Only the library's error code is kept: its texts and objects may hold more. */
export function describeFailure(failure: unknown, sent: boolean): GraphError {
  if (failure instanceof GraphError) return failure
  const code = codeOf(failure)
  if (TIMEOUTS.has(code)) return new GraphError('timeout', `Graph could not be reached in time (${code}).`)
  if (isNoHttp(failure, code)) return new GraphError('malformed', "Graph's answer is not proper HTTP.")
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new GraphError('too-large', 'The headers are too large.')
  if (CLOSED.test(code)) return new GraphError('aborted', 'The Graph client is closed.')
  if (code === 'UND_ERR_INVALID_ARG') return new GraphError('input', 'The request cannot be sent as HTTP.')
  if (TLS.test(code)) {
    return new GraphError('network', `No secure connection to Graph (${code}).`, { transient: false })
  }
  const what = sent ? 'The connection to Graph broke' : 'Graph could not be reached'
  return new GraphError('network', `${what} (${code}).`)
}

// The parser's errors come without a code in undici 8.
function isNoHttp(failure: unknown, code: string): boolean {
  return failure instanceof errors.HTTPParserError || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
}

function codeOf(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown cause'
}
