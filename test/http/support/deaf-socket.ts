import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { say } from './raw.ts'

/** A WebSocket without a library, of somebody who reads nothing once it is open, or has been let in. */
export async function openDeafSocket(url: string, as: 'stranger' | 'known'): Promise<Socket> {
  const socket = await say(
    url,
    'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  )
  await once(socket, 'data')
  if (as === 'known') {
    socket.write(frame({ type: 'connection_init' }))
    await once(socket, 'data')
  }
  socket.pause()
  return socket
}

/** A message as a client sends it; with a mask that changes nothing. */
export function frame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message))
  const head = Buffer.from([0x81, 0xfe, 0, 0, 0, 0, 0, 0])
  head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([payload.length < 126 ? shortHead(payload.length) : head, payload])
}

const shortHead = (length: number): Buffer => Buffer.from([0x81, 0x80 | length, 0, 0, 0, 0])

/** Sends the same again and again, until it is cut off or has sent so many bytes. Resolves with how many. */
export async function flood(socket: Socket, data: () => Buffer, most: number): Promise<number> {
  let sent = 0
  while (!socket.closed && sent < most) {
    const next = data()
    sent += next.length
    if (!socket.write(next)) await new Promise<void>((resolve) => whenTaken(socket, resolve))
  }
  return sent
}

function whenTaken(socket: Socket, resolve: () => void): void {
  const done = (): void => {
    socket.off('drain', done)
    socket.off('close', done)
    resolve()
  }
  socket.on('drain', done)
  socket.on('close', done)
}
