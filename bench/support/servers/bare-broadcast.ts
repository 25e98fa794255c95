import { WebSocketServer, type WebSocket } from 'ws'
import { readBody, serve } from './serve.ts'

/*
 * The least that can send the same bytes to the same readers: whoever subscribes gets the body of every post. No
 * store, no cursors, no rights, no execution, nobody is waited for.
 */
const readers = new Set<WebSocket>()

const server = serve(async (request, response) => {
  const text = (await readBody(request)).toString()
  response.writeHead(200, { 'content-length': 3 }).end('ok\n')
  for (const reader of readers) reader.send(text)
})

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    if (data.includes('connection_init')) socket.send('{"type":"connection_ack"}')
    else readers.add(socket)
  })
  socket.once('close', () => readers.delete(socket))
})
