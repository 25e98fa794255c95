import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** How many bytes of an unwanted body are discarded, and how long its sender may take to read the answer. */
const lingerBytes = 4 * 1024 * 1024
const lingerMs = 2_000

export function answer(
  res: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  if (res.headersSent || res.destroyed) return
  res.writeHead(status, headersOf(text, headers)).end(text)
}

function headersOf(text: string, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
  }
}

/**
 * Answers before the body has been read. Closing the connection at once would reset it, and the sender would lose the
 * answer; reading to the end would let it send for ever. So a limited part is discarded, which is all of most bodies. Then
 * nothing more is read, and after a while the connection is cut.
 */
export function answerEarly(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  discard(req)
  answer(res, status, text, headers)
}

/** The same, and the connection ends after it. With `end` Node would close the connection at once. */
export function answerLast(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  res.writeHead(status, headersOf(text, { ...headers, connection: 'close' })).write(text)
  discard(req, () => res.end())
}

function discard(req: IncomingMessage, done: () => void = () => undefined): void {
  if (req.complete || req.destroyed) return done()
  let budget = lingerBytes
  const timer = setTimeout(() => req.socket.destroy(), lingerMs).unref()
  const settle = (): void => {
    clearTimeout(timer)
    done()
  }
  req.on('data', (chunk: Buffer) => {
    budget -= chunk.length
    if (budget < 0) req.pause()
  })
  req.once('end', settle).once('close', settle).on('error', settle)
  req.resume()
}
