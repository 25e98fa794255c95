import type { Server } from 'node:http'

/** All sockets and streams, and room for requests. Beyond it idle connections go, and then new ones are not taken. */
const many = 24_000
const most = 30_000

/** Keeps idle connections, which are kept for long, from taking the memory of those that are used. */
export function boundConnections(server: Server): void {
  let [open, closedAt] = [0, -Infinity]
  server.maxConnections = most
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
    const now = performance.now()
    if (open <= many || now - closedAt < 1_000) return
    closedAt = now
    server.closeIdleConnections()
  })
}
