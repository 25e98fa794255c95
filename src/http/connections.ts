import { randomUUID } from 'node:crypto'
import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorBody, type ErrorReply } from './reply.ts'

/** All sockets and streams, and room for requests. Beyond `many` idle ones are closed, and beyond `most` none is taken. */
const limits = { many: 24_000, most: 30_000 }
const lookMs = 1_000

/** Keeps idle connections, which are kept for long, from taking the memory of those that are used. */
export function boundConnections(server: Server, { many, most } = limits): void {
  server.maxConnections = most
  const look = (): void => {
    server.getConnections((_, open) => {
      if (open > many) server.closeIdleConnections()
    })
  }
  const timer = setInterval(look, lookMs).unref()
  server.once('close', () => clearInterval(timer))
}

const unreadable: ErrorReply = [400, 'BAD_REQUEST', 'This is no request that can be read.']
const refusals: Readonly<Record<string, ErrorReply>> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The headers of a request may have 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The headers came too slowly.'],
}
const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** Answers what is no request yet: Node would answer without a body. */
export function answerUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // What Node keeps there is the answer under way. Nothing may be written into the middle of it.
    const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null }
    if (socket.writable && error.code !== 'ECONNRESET' && current?.headersSent !== true)
      socket.write(printed(refusals[error.code ?? ''] ?? unreadable))
    socket.destroy()
  })
}

function printed([status, code, message]: ErrorReply): string {
  const body = errorBody(code, message)
  const lines = [
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
