import type { IncomingMessage } from 'node:http'

const most = 64 * 1024

/** How long the body says it is; null when it does not say, is empty, or is longer than anybody should look at. */
export function peekableSize({ method, headers }: IncomingMessage): number | null {
  const size = Number(headers['content-length'])
  return method === 'POST' && size > 0 && size <= most ? size : null
}

/**
 * Looks at a body and puts it back: who reads the request next finds it as it came. Null when the client has left
 * before all of it was here.
 */
export function peekBody(request: IncomingMessage, size: number): Promise<Buffer | null> {
  const { promise, resolve } = Promise.withResolvers<Buffer | null>()
  const chunks: Buffer[] = []
  let length = 0
  const end = (body: Buffer | null): void => {
    request.off('readable', look).off('close', leave).off('error', leave)
    // At once: in the next tick the stream would have ended.
    if (body) request.unshift(body)
    resolve(body)
  }
  const leave = (): void => end(null)
  const look = (): void => {
    for (let chunk = read(request); chunk !== null; chunk = read(request)) {
      chunks.push(chunk)
      length += chunk.length
    }
    if (length >= size) end(Buffer.concat(chunks))
  }
  request.on('readable', look).once('close', leave).once('error', leave)
  return promise
}

const read = (request: IncomingMessage): Buffer | null => request.read() as Buffer | null

/** The object that a body is, if it is one: who has it needs no stream. What is none, somebody else may complain about. */
export function objectIn(body: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(body.toString())
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && Object.keys(value).length > 0 ? value : null
  } catch {
    return null
  }
}
