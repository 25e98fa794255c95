import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { DatabaseError } from 'pg'
import { StoreRefused } from '../log.ts'
import { createClient, endClient } from './connect.ts'
import type { Queryable } from './connections.ts'
import { storeName } from './refusal.ts'
import { isSession } from './route.ts'

const patienceMs = 2000

/**
 * Refuses DATABASE_LISTEN_URL when what is sent through DATABASE_URL does not arrive there. An address that does not answer
 * is not refused: until it does, the store is asked for what is new.
 */
export async function checkListening(url: string, through: Queryable): Promise<void> {
  const client = createClient({ url, isPooled: true })
  try {
    await client.connect()
    if (!(await isSession(client)))
      throw refuse(url, 'a pooler is on the way, and no notification gets through it')
    const channel = `mps_gateway_check_${randomBytes(8).toString('hex')}`
    await client.query(`LISTEN ${channel}`)
    const heard = once(client, 'notification', { signal: AbortSignal.timeout(patienceMs) })
    heard.catch(() => {})
    await through.query('SELECT pg_notify($1, $2)', [channel, ''])
    await heard.catch(() => Promise.reject(refuse(url, 'it is not the database that DATABASE_URL leads to')))
  } catch (error) {
    if (error instanceof StoreRefused) throw error
    if (isMistake(error)) throw refuse(url, String((error as Error).message))
  } finally {
    await endClient(client)
  }
}

// The user, the password or the database. https://www.postgresql.org/docs/current/errcodes-appendix.html
const mistakes = new Set(['28000', '28P01', '3D000'])

function isMistake(error: unknown): boolean {
  return error instanceof DatabaseError && mistakes.has(error.code ?? '')
}

function refuse(url: string, why: string): StoreRefused {
  const message = `${storeName(url)}, which DATABASE_LISTEN_URL names, cannot be used: ${why}.`
  const advice =
    'Name there the server of DATABASE_URL itself, or leave it out: then new events are looked for.'
  return new StoreRefused(`${message} ${advice}`)
}
