import { connect } from 'node:net'
import { WebSocket } from 'ws'

/** A subscriber of `events` without a client library: many of them share a processor with what they look at. */
export interface Member {
  /** The accounts that it was told of, in the order in which it was told. */
  readonly seen: number[]
  /** Everything that is no item: of a socket the messages, of a stream its text. */
  readonly rest: string[]
  /** Resolves when the connection has gone; with the code of a socket's close. */
  readonly gone: Promise<number>
  /** Reads nothing any more. */
  stall(): void
  resume(): void
  leave(): void
}

const selection = '... on ClientWabaEvent { wabaId }'

function note(text: string, { seen, rest }: Pick<Member, 'seen' | 'rest'>): void {
  const ids = [...text.matchAll(/"wabaId":"(\d+)"/g)]
  for (const [, id] of ids) seen.push(Number(id))
  if (ids.length === 0) rest.push(text)
}

/** Resolves when the gateway has begun with the operation. */
export function joinByWs(url: string, fields = selection): Promise<Member> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const [seen, rest] = [[] as number[], [] as string[]]
  const say = (message: object): void => socket.send(JSON.stringify(message))
  const gone = new Promise<number>((resolve) => socket.on('close', resolve))
  const member: Member = {
    seen,
    rest,
    gone,
    stall: () => socket.pause(),
    resume: () => socket.resume(),
    leave: () => socket.terminate(),
  }
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('unexpected-response', (_, { statusCode }) => reject(new Error(`answered ${statusCode}`)))
    socket.on('open', () => say({ type: 'connection_init' }))
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.includes('"type":"error"')) reject(new Error(text))
      if (!text.includes('"connection_ack"')) return note(text, member)
      say({ type: 'subscribe', id: '1', payload: { query: `subscription { events { ${fields} } }` } })
      // Answered behind the subscribe frame.
      socket.ping()
    })
    socket.once('pong', () => resolve(member))
  })
}

/** Resolves when the gateway has begun to answer. */
export function joinBySse(url: string, fields = selection): Promise<Member> {
  const { hostname, port } = new URL(url)
  const body = JSON.stringify({ query: `subscription { events { ${fields} } }` })
  const [seen, rest] = [[] as number[], [] as string[]]
  const socket = connect(Number(port), hostname)
  const gone = new Promise<number>((resolve) => socket.once('close', () => resolve(0)))
  const member: Member = {
    seen,
    rest,
    gone,
    stall: () => socket.pause(),
    resume: () => socket.resume(),
    leave: () => socket.destroy(),
  }
  socket.write(
    'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
      `Accept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      const events = (text + chunk.toString()).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) note(event, member)
      if (seen.length + rest.length > 0) resolve(member)
    })
  })
}

/** So many at once: the gateway holds back strangers that come in crowds. */
const atOnce = 25

export async function gather(count: number, join: () => Promise<Member>): Promise<Member[]> {
  const members: Member[] = []
  while (members.length < count) {
    const few = Array.from({ length: Math.min(atOnce, count - members.length) }, join)
    members.push(...(await Promise.all(few)))
  }
  return members
}
