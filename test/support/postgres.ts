import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

let server: Promise<string> | null = null
let pooler: Promise<string> | null = null

/** The address of the run's PostgreSQL server. */
export function postgresUrl(): Promise<string> {
  server ??= ask('/')
  return server
}

/** The address of the same server through pgbouncer. */
export function pgbouncerUrl(): Promise<string> {
  pooler ??= ask('/pgbouncer')
  return pooler
}

async function ask(path: string): Promise<string> {
  const answer = await fetch(inject('postgresStarter') + path)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`No PostgreSQL for the tests: ${text}`)
  return text
}

/** An address for DATABASE_URL that leads to an empty place of its own on that server, or on another. */
export async function emptyDatabase(url?: string): Promise<string> {
  const at = url ?? (await postgresUrl())
  const schema = `test_${randomBytes(8).toString('hex')}`
  await query(at, `CREATE SCHEMA ${schema}`)
  return `${at}?options=-csearch_path%3D${schema}`
}

/**
 * The same through a pooler, which takes no schema in an address: the place belongs to a user of its own. `pooler` leads to
 * the server of all tests.
 */
export async function emptyPooledDatabase(pooler?: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await query(
    await postgresUrl(),
    `CREATE ROLE ${name} LOGIN SUPERUSER; CREATE SCHEMA ${name}; ALTER ROLE ${name} SET search_path = ${name}`,
  )
  return (pooler ?? (await pgbouncerUrl())).replace('postgres@', `${name}@`)
}

/** Runs SQL on a connection of its own. */
export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
