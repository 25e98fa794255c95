import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { PostgresProcess } from '../../test/support/postgres-process.ts'
import type { Proxy } from '../store/proxy.ts'
import type { Fault } from './fault.ts'

/** What can happen to a PostgreSQL server and the wires to it. */
export function postgresFaults(server: PostgresProcess, wires: readonly Proxy[]): readonly Fault[] {
  return [
    {
      name: 'database killed and restarted',
      weight: 3,
      run: alone(() => server.kill().then(() => server.restart())),
    },
    { name: 'LISTEN connections terminated', weight: 3, run: () => terminate(server.url, listeners) },
    { name: 'all connections terminated', weight: 1, run: () => terminate(server.url, everybody) },
    {
      name: 'appends slow inside the database',
      weight: 3,
      run: alone((random) => slow(server.url, random.between(500, 2_000))),
    },
    {
      name: 'wire to the database cut',
      weight: 2,
      run: (random) => random.pick(wires).cut(random.between(0, 2_000)),
    },
    {
      name: 'wire to the database silent',
      weight: 2,
      run: (random) => random.pick(wires).hold(random.chance(0.1) ? 7_500 : random.between(500, 3_000)),
    },
    {
      name: "database's answers lost",
      weight: 2,
      run: (random) => random.pick(wires).deafen(random.between(20, 300)),
    },
  ]
}

/** One at a time. */
function alone(harm: Fault['run']): Fault['run'] {
  let running: Promise<void> = Promise.resolve()
  return (random) => (running = running.then(() => harm(random)))
}

const everybody = 'true'
// What a listening connection did last: it looks at the head now and again.
const listeners = "query ILIKE 'LISTEN%' OR query ILIKE '%max(seq)%'"

const terminate = (url: string, whom: string): Promise<void> =>
  run(url, async (client) => {
    await client.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'mps-gateway' AND (${whom})`)
  })

/**
 * Each append lingers between its insert and its commit, and not all equally long: where commits can come in another
 * order than positions, they do.
 */
const slow = (url: string, ms: number): Promise<void> =>
  run(url, async (client) => {
    await client.query(lingering(Date.now() + ms))
    await sleep(ms)
  })

/** It ends by itself: the database may be away when the time is over. */
const lingering = (until: number): string => `
  CREATE OR REPLACE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF clock_timestamp() < to_timestamp(${until / 1000}) THEN PERFORM pg_sleep(random() * 0.1); END IF;
      RETURN NULL;
    END $$;
  CREATE OR REPLACE TRIGGER linger AFTER INSERT ON events EXECUTE FUNCTION linger()`

/** The database may just be away. */
async function run(url: string, harm: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(url)
  client.on('error', () => {})
  try {
    await client.connect()
    await harm(client)
  } catch {
    // Then something else does the harm.
  } finally {
    await client.end().catch(() => {})
  }
}
