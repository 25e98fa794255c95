import { WebSocket } from 'ws'
import { filterOf, reasonOf, subscription, type Place, type Result } from './items.ts'
import type { Open } from './stream.ts'

interface Message {
  readonly type: string
  readonly payload?: unknown
}

/** Follows the log over graphql-transport-ws. */
export const openWs: Open = (url, place, onItem) => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const end = (reason: string): void => {
    socket.removeAllListeners('message')
    socket.terminate()
    resolve(reason)
  }
  socket.on('error', ({ message }) => end(message))
  socket.on('close', (code) => end(`closed with ${code}`))
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })))
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message
    const reason = answer(socket, place, message, (result) => {
      if (result.data) onItem(result.data.events)
    })
    if (reason !== null) end(reason)
  })
  return { over: promise, close: () => end('left') }
}

/** The reason to end, if there is one. */
function answer(
  socket: WebSocket,
  place: Place,
  { type, payload }: Message,
  onResult: (result: Result) => void,
): string | null {
  switch (type) {
    case 'connection_ack': {
      const variables = { after: place.after, filter: filterOf(place) }
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: subscription, variables } }))
      return null
    }
    case 'ping':
      socket.send(JSON.stringify({ type: 'pong' }))
      return null
    case 'next':
      onResult(payload as Result)
      return reasonOf(payload as Result) || null
    case 'error':
      return reasonOf({ errors: payload as NonNullable<Result['errors']> })
    default:
      return type
  }
}
