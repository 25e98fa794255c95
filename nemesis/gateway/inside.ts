import { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Pool } from 'pg'
import type { Waiters as WaitersClass } from '../../src/events/waiters.ts'
import type { Order } from './order.ts'

/*
 * Loaded into a gateway before its own code (`node --import`): lets it die at points that no kill from outside hits,
 * and its store be full. It does nothing unless the process that started it orders so.
 */

// Of the bundle that runs beside it, or of the sources: the class has to be the gateway's own.
const bundle = process.env['GATEWAY_BUNDLE']
const { Waiters } = (await import(
  bundle === undefined ? '../../src/events/waiters.ts' : pathToFileURL(join(bundle, 'waiters.js')).href
)) as { Waiters: typeof WaitersClass }

let armed: Order['name'] | null = null

const die = (): void => void process.kill(process.pid, 'SIGKILL')

// What is on disk is on disk, and nobody has been answered.
const exec = DatabaseSync.prototype.exec
DatabaseSync.prototype.exec = function execAndPerhapsDie(sql) {
  databases.add(this)
  exec.call(this, sql)
  if (armed === 'die after commit' && sql === 'COMMIT') die()
}

const query = Pool.prototype.query as (...args: unknown[]) => Promise<unknown>
Pool.prototype.query = async function queryAndPerhapsDie(this: Pool, ...args: unknown[]) {
  const result = await query.apply(this, args)
  if (armed === 'die after commit' && String(args[0]).includes('append_events(')) die()
  return result
} as typeof Pool.prototype.query

// The sender has its answer, and no reader has been woken.
const wake = Waiters.prototype.wake
Waiters.prototype.wake = function wakeUnlessArmed() {
  if (armed !== 'die after answer') wake.call(this)
}

const end = ServerResponse.prototype.end as (...args: unknown[]) => ServerResponse
ServerResponse.prototype.end = function endAndPerhapsDie(this: ServerResponse, ...args: unknown[]) {
  const isPost = this.req.method === 'POST' && this.req.url?.startsWith('/webhooks') === true
  if (armed === 'die after answer' && isPost && this.statusCode === 200) this.once('finish', die)
  return end.apply(this, args)
} as typeof ServerResponse.prototype.end

const databases = new Set<DatabaseSync>()

/** As many pages as there are, and not one more, for a while: SQLite says SQLITE_FULL as it does on a full disk. */
function fill(ms: number): void {
  const open = [...databases].filter((database) => database.isOpen)
  for (const database of open) exec.call(database, 'PRAGMA max_page_count = 1')
  setTimeout(() => {
    for (const database of open)
      if (database.isOpen) exec.call(database, 'PRAGMA max_page_count = 4294967294')
  }, ms)
}

process.on('message', ({ name, ms }: Order) => {
  if (name === 'be full') fill(ms)
  else armed = name
})
// Who started it has gone: nobody else would end it.
process.on('disconnect', die)
process.channel?.unref()
