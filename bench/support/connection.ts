import { connect, type Socket } from 'node:net'

/** One connection over which requests go that are printed already, one at a time. */
export class Connection {
  readonly #socket: Socket
  #answer = ''
  #resolve: (answer: string) => void = () => {}
  #reject: (error: Error) => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.once('close', () => this.#reject(new Error('A server closed the connection')))
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => {
        socket.off('error', reject)
        socket.on('error', () => socket.destroy())
        resolve(new Connection(socket))
      })
      socket.once('error', reject)
    })
  }

  /** False when the server has closed it, as it does after a while of silence. */
  get isOpen(): boolean {
    return this.#socket.writable
  }

  /** The whole answer; rejects unless it is a 200. */
  ask(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answer = ''
      this.#resolve = resolve
      this.#reject = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#answer += chunk.toString('latin1')
    if (!isWhole(this.#answer)) return
    if (this.#answer.startsWith('HTTP/1.1 200 ')) this.#resolve(this.#answer)
    else this.#reject(new Error(`A post was answered: ${this.#answer}`))
  }
}

// The servers here send answers with a length.
function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end === -1) return false
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end))?.[1] ?? 0)
  return answer.length >= end + 4 + length
}
