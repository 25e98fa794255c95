import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The names under which a request is found again: in each line of the log that belongs to it, and on its answer. */
interface RequestNames {
  readonly fields: { readonly requestId: string; readonly traceId?: string }
  /** The same as headers. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/**
 * A proxy or a client may have named it, with `X-Request-Id` and W3C's `traceparent`. Names that are not well formed, or
 * long, are not taken. One that is made is another each time.
 */
export function readNames({ headers }: Pick<IncomingMessage, 'headers'>): RequestNames {
  const given = headers['x-request-id']
  const requestId = typeof given === 'string' && wellFormed.test(given) ? given : randomUUID()
  const trace = traceIn(headers['traceparent'])
  if (!trace) return { fields: { requestId }, headers: [['x-request-id', requestId]] }
  return {
    fields: { requestId, traceId: trace.id },
    headers: [
      ['x-request-id', requestId],
      ['traceparent', trace.text],
    ],
  }
}

const wellFormed = /^[\w.:/+=@-]{1,100}$/
const known = new WeakMap<IncomingMessage, RequestNames>()

/** The same names each time, for an upgrade, which several look at. */
export function namesOf(request: IncomingMessage): RequestNames {
  const names = known.get(request) ?? readNames(request)
  known.set(request, names)
  return names
}

// https://www.w3.org/TR/trace-context/#traceparent-header: a later version may have more at its end.
const traceparent =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[\x21-\x7e]{0,100})?$/

function traceIn(header: string | string[] | undefined): { id: string; text: string } | null {
  if (typeof header !== 'string') return null
  const [text, version, id, more] = traceparent.exec(header) ?? []
  if (text === undefined || id === undefined || (version === '00' && more !== undefined)) return null
  return { id, text }
}
