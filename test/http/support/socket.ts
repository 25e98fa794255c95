import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'
import { Inbox } from '../../support/inbox.ts'

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

/** A socket that speaks as badly as a test wants. */
export interface Wire {
  readonly socket: WebSocket
  readonly inbox: Inbox<Message>
  /** Code and reason of the close. */
  readonly closed: Promise<{ code: number; reason: string }>
  send(message: unknown): void
  subscribe(id: string, query: string, variables?: object): void
}

export async function openWire(
  url: string,
  options: ClientOptions = {},
  protocol: string[] = ['graphql-transport-ws'],
): Promise<Wire> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, options)
  const inbox = new Inbox<Message>()
  socket.on('message', (data) => inbox.put(JSON.parse(String(data)) as Message))
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason),
  }))
  void closed.then(({ code, reason }) => inbox.end(`closed with ${code} ${reason}`))
  await once(socket, 'open')
  const send = (message: unknown): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  return {
    socket,
    inbox,
    closed,
    send,
    subscribe: (id, query, variables) => send({ type: 'subscribe', id, payload: { query, variables } }),
  }
}

/** The same, let in. */
export async function openKnownWire(url: string, payload?: object, options?: ClientOptions): Promise<Wire> {
  const wire = await openWire(url, options)
  wire.send({ type: 'connection_init', ...(payload && { payload }) })
  await wire.inbox.next(({ type }) => type === 'connection_ack')
  return wire
}

/** How an upgrade is answered when it is refused; status 101 when it is not. */
export function upgradeAnswer(
  url: string,
  options: ClientOptions = {},
  path = '/graphql',
): Promise<{ status: number; text: string }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, ['graphql-transport-ws'], options)
  return new Promise((resolve) => {
    socket.on('open', () => (resolve({ status: 101, text: '' }), socket.close()))
    socket.on('unexpected-response', (_request, response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    socket.on('error', () => undefined)
  })
}

export async function upgradeStatus(url: string, options?: ClientOptions, path?: string): Promise<number> {
  return (await upgradeAnswer(url, options, path)).status
}
