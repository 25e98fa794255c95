import { RawSocket, type OnText } from '../raw-socket.ts'
import { serve } from './serve.ts'

const everything = 'subscription { events { ... on ClientWabaEvent { cursor kind wabaId solutionId } } }'

/*
 * READERS WebSockets that subscribe to TARGET with QUERY and count the items that hold NEEDLE. `GET /<n>` is answered
 * when that many have come since the last answer: with the text of the last. Prints its address when all have subscribed.
 */
const { TARGET = '', READERS = '', API_KEY = '', QUERY = everything, NEEDLE = '"wabaId"' } = process.env
const target = new URL(`${TARGET.replace('http', 'ws')}/graphql`)
// A few at a time: the gateway holds back strangers who come in crowds.
const crowd = 50

const init = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${API_KEY}` } })
const subscribe = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: QUERY } })

let items = 0
let wanted = 0
let enough: (last: string) => void = () => {}

const count: OnText = (text, socket) => {
  // Heartbeats are items too, of another type.
  if (text.includes(NEEDLE)) {
    items++
    if (items === wanted) enough(text.toString())
  } else if (text.includes('"connection_ack"')) socket.send(subscribe)
  else if (/"type":"(?:error|complete)"/.test(text.toString())) throw new Error(text.toString())
}

async function open(): Promise<void> {
  const socket = await RawSocket.open(target, 'graphql-transport-ws', count)
  socket.send(init)
  // The first is answered behind the acknowledgement, the second behind the subscription that it is answered with.
  await socket.ping()
  await socket.ping()
}

for (let opened = 0; opened < Number(READERS); opened += crowd)
  await Promise.all(Array.from({ length: Math.min(crowd, Number(READERS) - opened) }, open))

serve((request, response) => {
  wanted = Number(request.url?.slice(1))
  enough = (last) => {
    items -= wanted
    wanted = 0
    response.end(last)
  }
  if (items >= wanted) enough('')
})
