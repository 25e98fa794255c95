import { Client } from 'pg'
import { postgresFaults } from '../faults/postgres-faults.ts'
import { PostgresProcess } from '../../test/support/postgres-process.ts'
import { Proxy } from './proxy.ts'
import type { Store } from './store.ts'

export async function createPostgres(): Promise<Store> {
  const server = await PostgresProcess.start()
  const wires: Proxy[] = []
  return {
    async address() {
      const wire = await Proxy.start(Number(new URL(server.url).port))
      wires.push(wire)
      const url = new URL(server.url)
      url.port = String(wire.port)
      return url.href
    },
    faults: () => postgresFaults(server, wires),
    examine: () => examine(server.url),
    async close() {
      await Promise.all(wires.map((wire) => wire.close()))
      await server.stop()
      return null
    },
  }
}

/** Every index against its table, every page against its sum. https://www.postgresql.org/docs/current/amcheck.html */
async function examine(url: string): Promise<readonly string[]> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS amcheck')
    await client.query(`
      SELECT bt_index_check(index.oid, true) FROM pg_class AS index JOIN pg_am ON pg_am.oid = index.relam
      WHERE pg_am.amname = 'btree' AND index.relkind = 'i' AND index.relnamespace = 'public'::regnamespace`)
    const { rows } = await client.query<{ msg: string }>(
      "SELECT msg FROM verify_heapam('events'::regclass, check_toast => true)",
    )
    return rows.map(({ msg }) => msg)
  } catch (error) {
    return [String(error)]
  } finally {
    await client.end()
  }
}
