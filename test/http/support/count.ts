import { createHook } from 'node:async_hooks'
import { getEventListeners } from 'node:events'
import { Server } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Counts } from './counts.ts'

/*
 * Loaded into a gateway before its own code (`node --import`): on SIGUSR2 it prints what the process holds. What lives as
 * long as the gateway is made before it listens; what a client leaves behind hangs on that.
 */

const early: AbortSignal[] = []
let isUp = false

const Native = globalThis.AbortController
globalThis.AbortController = class extends Native {
  constructor() {
    super()
    if (!isUp) early.push(this.signal)
  }
}

const listen = Server.prototype.listen as (...args: unknown[]) => Server
Server.prototype.listen = function listenAndSay(this: Server, ...args: unknown[]) {
  isUp = true
  return listen.apply(this, args)
} as typeof Server.prototype.listen

const timers = new Set<number>()
createHook({
  init: (id, type) => void (type === 'Timeout' && timers.add(id)),
  destroy: (id) => void timers.delete(id),
}).enable()

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

process.on('SIGUSR2', () => {
  // Twice: what the first finds to be garbage may have been holding more.
  setImmediate(() => {
    collectGarbage()
    setImmediate(() => {
      collectGarbage()
      process.stdout.write(`COUNTS ${JSON.stringify(count())}\n`)
    })
  })
})

function count(): Counts {
  const sockets = process.getActiveResourcesInfo().filter((name) => name.includes('TCPSocketWrap'))
  const listeners = early.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0)
  const own = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  const heap = process.memoryUsage().heapUsed
  return {
    signals: early.length,
    listeners: listeners + own,
    timers: timers.size,
    sockets: sockets.length,
    heap,
  }
}
