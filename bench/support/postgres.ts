import { Client } from 'pg'
import { PostgresServer } from '../../test/support/postgres-server.ts'

export interface Postgres extends AsyncDisposable {
  /** The address of an empty database of its own. */
  createDatabase(): Promise<string>
}

/** A PostgreSQL server with the settings of the tests, gone with the end of the benchmark. */
export async function startPostgres(): Promise<Postgres> {
  const server = await PostgresServer.start()
  let databases = 0
  return {
    async createDatabase() {
      const name = `bench_${++databases}`
      await runSql(server.url, `CREATE DATABASE ${name}`)
      const url = new URL(server.url)
      url.pathname = name
      return url.href
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

/** Runs SQL on a connection of its own and gives the first row. */
export async function runSql(url: string, sql: string): Promise<Readonly<Record<string, unknown>>> {
  const client = new Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows[0] ?? {}
  } finally {
    await client.end()
  }
}
