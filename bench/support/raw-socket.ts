import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

const [textFrame, pingFrame, pongFrame, closeFrame] = [1, 9, 10, 8]

/** Called with the text of each frame. It is gone when the call returns. */
export type OnText = (text: Buffer, socket: RawSocket) => void

/**
 * A WebSocket (RFC 6455) that looks at frames in place and makes no object of them: thousands of readers must cost
 * less than the server that is measured. For servers that send whole, uncompressed frames.
 */
export class RawSocket {
  readonly #socket: Socket
  readonly #onText: OnText
  #rest: Buffer = Buffer.alloc(0)
  #open = false
  #onPong: () => void = () => {}

  private constructor(socket: Socket, onText: OnText) {
    this.#socket = socket
    this.#onText = onText
  }

  /** Resolves when the server has changed to the protocol. */
  static open(url: URL, protocol: string, onText: OnText): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
      const raw = new RawSocket(socket, onText)
      socket.once('connect', () => socket.write(upgrade(url, protocol)))
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('A WebSocket was closed')))
      socket.on('data', (chunk: Buffer) => raw.#take(chunk, () => resolve(raw)))
    })
  }

  send(text: string): void {
    this.#socket.write(frame(textFrame, Buffer.from(text)))
  }

  /** Resolves when the server has answered a ping, and so has read all that was sent before. */
  ping(): Promise<void> {
    return new Promise((resolve) => {
      this.#onPong = resolve
      this.#socket.write(frame(pingFrame, Buffer.alloc(0)))
    })
  }

  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.destroy()
  }

  #take(chunk: Buffer, opened: () => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    if (!this.#open) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end !== -1) {
        this.#open = true
        opened()
        at = end + 4
      }
    }
    this.#rest = this.#open ? this.#frames(bytes, at) : bytes
  }

  /** Gives what is left of a frame that has not wholly come. */
  #frames(bytes: Buffer, from: number): Buffer {
    let at = from
    for (;;) {
      const body = bodyAt(bytes, at)
      if (body === null || body.end > bytes.length) return bytes.subarray(at)
      this.#handle((bytes[at] ?? 0) & 15, bytes.subarray(body.start, body.end))
      at = body.end
    }
  }

  #handle(kind: number, body: Buffer): void {
    if (kind === textFrame) this.#onText(body, this)
    else if (kind === pingFrame) this.#socket.write(frame(pongFrame, body))
    else if (kind === pongFrame) this.#onPong()
    else if (kind === closeFrame) this.#socket.destroy()
  }
}

function bodyAt(bytes: Buffer, at: number): { start: number; end: number } | null {
  if (bytes.length < at + 2) return null
  const short = (bytes[at + 1] ?? 0) & 127
  if (short < 126) return { start: at + 2, end: at + 2 + short }
  if (bytes.length < at + 10) return null
  const start = short === 126 ? at + 4 : at + 10
  const length = short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  return { start, end: start + length }
}

/** Masked, as a client's must be, with a mask of zeros, which changes nothing. */
function frame(kind: number, body: Buffer): Buffer {
  const head = body.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8)
  head[0] = 128 | kind
  head[1] = 128 | (body.length < 126 ? body.length : 126)
  if (body.length >= 126) head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}

function upgrade({ host, pathname }: URL, protocol: string): string {
  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    `sec-websocket-protocol: ${protocol}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}
