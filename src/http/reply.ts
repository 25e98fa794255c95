import type { ServerResponse } from 'node:http'

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

const json = 'application/json; charset=utf-8'

export function replyText(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  const length = Buffer.byteLength(text)
  response.writeHead(status, { ...always, 'content-type': type, 'content-length': length }).end(text)
}

export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  replyText(response, status, `${JSON.stringify(body)}\n`, json)
}

export type ErrorReply = [status: number, code: string, message: string]

/** Seconds after which a client that was refused for want of room may come again. */
export const retryAfterSeconds = '2'

/** A refusal before execution, in the form that GraphQL clients read. */
export function replyError(response: ServerResponse, ...[status, code, message]: ErrorReply): void {
  if (status === 401) response.setHeader('www-authenticate', 'Bearer realm="mps-gateway"')
  if (status === 503) response.setHeader('retry-after', retryAfterSeconds)
  replyText(response, status, errorBody(code, message), json)
}

export function errorBody(code: string, message: string): string {
  return `${JSON.stringify({ errors: [{ message, extensions: { code } }] })}\n`
}
