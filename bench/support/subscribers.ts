import { request } from 'node:http'
import { WebSocket } from 'ws'
import { apiKey } from './gateway.ts'

/** Called for every item with the account that it is about. */
export type Arrived = (wabaId: string) => void

/*
 * Both speak the protocol without a client library and search the items for one name, since 400 of them share a
 * processor with the gateway that is measured.
 */
const query = 'subscription { events { ... on ClientWabaEvent { cursor kind wabaId solutionId } } }'
const wabaIn = /"wabaId":"(\d+)"/g

function report(text: string, arrived: Arrived): void {
  for (const [, wabaId = ''] of text.matchAll(wabaIn)) arrived(wabaId)
}

/** Subscribes over WebSocket (graphql-transport-ws). Resolves when the gateway has taken the operation. */
export function subscribeByWs(url: string, arrived: Arrived): Promise<Disposable> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const say = (message: object): void => socket.send(JSON.stringify(message))
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('The gateway closed a WebSocket')))
    socket.once('open', () =>
      say({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } }),
    )
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.includes('"connection_ack"')) {
        say({ type: 'subscribe', id: '1', payload: { query } })
        // Answered behind the subscribe frame, so the gateway has begun with it.
        socket.ping()
      } else if (text.includes('"type":"next"')) report(text, arrived)
      else if (/"type":"(?:error|complete)"/.test(text)) reject(new Error(text))
    })
    socket.once('pong', () => resolve({ [Symbol.dispose]: () => socket.terminate() }))
  })
}

/** Subscribes over SSE (distinct connections). Resolves when the gateway has begun to answer. */
export function subscribeBySse(url: string, arrived: Arrived): Promise<Disposable> {
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    authorization: `Bearer ${apiKey}`,
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`SSE was answered ${response.statusCode}`))
      resolve({ [Symbol.dispose]: () => sent.destroy() })
      readLines(response, (line) => report(line, arrived))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ query }))
  })
}

function readLines(stream: NodeJS.ReadableStream, each: (line: string) => void): void {
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(each)
  })
  // Cut off on purpose at the end.
  stream.on('error', () => {})
}
