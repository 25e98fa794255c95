import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Opens a connection and says exactly this. */
export function say(url: string, ...pieces: readonly (string | Buffer)[]): Promise<Socket> {
  return sayFrom(undefined, url, ...pieces)
}

/** The same from an address of this machine: all of 127.0.0.0/8 are, so that one test can be several callers. */
export async function sayFrom(
  localAddress: string | undefined,
  url: string,
  ...pieces: readonly (string | Buffer)[]
): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), ...(localAddress && { localAddress }) })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  for (const piece of pieces) socket.write(piece)
  return socket
}

/** Everything that comes until the other side closes. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return text
}

/** The answer to exactly these bytes, on a connection that the gateway closes. */
export async function exchange(url: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  return readToEnd(await say(url, ...pieces))
}

/** The status line's number; 0 when there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

/** One request without any of fetch's tidying: its path, Host and headers go out as they are. */
export async function request(
  url: string,
  { method = 'GET', path = '/graphql', headers = {}, body = '', from }: Raw,
): Promise<{ status: number; text: string }> {
  const lengths = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const all = { host: new URL(url).host, connection: 'close', ...lengths, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const text = await readToEnd(
    await sayFrom(from, url, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`),
  )
  return { status: statusOf(text), text }
}

export interface Raw {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The address that it comes from. */
  readonly from?: string
}
