import { pino } from 'pino'
import type { Ctx } from '../src/context.ts'
import { openStore, type Store } from '../src/events/store.ts'
import { runWrite } from '../src/writes/run.ts'
import type { Write } from '../src/writes/write.ts'
import { median, milliseconds, quantile } from './support/figures.ts'
import { startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'

const writesEach = 500

/** What a write waits for besides Graph: that it is stored before it is sent, and recorded when it is done. */
export async function once(): Promise<Row[]> {
  using file = createStore()
  await using postgres = await startPostgres()
  return [
    await measure('SQLite', `file:${file.path}`, '≤ 2 ms'),
    await measure('PostgreSQL', await postgres.createDatabase()),
  ]
}

async function measure(place: string, databaseUrl: string, aim?: string): Promise<Row> {
  const store = await openStore(databaseUrl)
  try {
    const ctx = contextOver(store)
    const times: number[] = []
    for (let at = 0; at < writesEach; at++) {
      const begun = performance.now()
      await writeOnce(ctx, at)
      times.push(performance.now() - begun)
    }
    const [p50, p99] = [median(times), quantile(times, 0.99)]
    const gateway = `${milliseconds(p50)} (p99 ${milliseconds(p99)})`
    return {
      what: `once per key, and recorded: added to a write, p50, ${place}`,
      gateway,
      ...(aim && { aim }),
    }
  } finally {
    await store.close()
  }
}

async function writeOnce(ctx: Ctx, at: number): Promise<void> {
  const write: Write<null> = {
    app: { appId: '1' } as Write<null>['app'],
    verb: 'bench',
    object: `thing:${at}`,
    key: `key ${at}`,
    input: at,
    about: {},
    readState: async () => null,
    send: async () => ({ createdId: String(at), traceId: null }),
    outcomeIn: null,
    publishes: () => ({ kind: 'SOLUTION_CREATED', after: { status: 'ACTIVE' } }),
  }
  const outcome = await runWrite(ctx, write)
  if (!('createdId' in outcome)) throw new Error('The write was not made.')
}

/** Only what a write touches. */
function contextOver(store: Store): Ctx {
  const parts = { actor: { kind: 'OPERATOR', apps: [] }, apps: [], log: store.log, writes: store.writes }
  const cost = { requests: 0, units: 0 }
  return {
    ...parts,
    cost,
    reads: { renew: () => {} },
    clock: Date.now,
    logger: pino({ level: 'silent' }),
  } as unknown as Ctx
}
