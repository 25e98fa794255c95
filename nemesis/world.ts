import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Gateway } from './gateway/gateway.ts'
import { History } from './history.ts'
import { apps } from './load/apps.ts'
import { Ledger } from './load/ledger.ts'
import { readLog } from './load/read-log.ts'
import { sendOne } from './load/sender.ts'
import { Subscriber, transports } from './load/subscriber.ts'
import type { Options } from './options.ts'
import type { Random } from './random.ts'
import { createPostgres } from './store/postgres.ts'
import { createSqlite } from './store/sqlite.ts'
import type { Store } from './store/store.ts'

/** All that takes part in a run. */
export interface World {
  readonly store: Store
  readonly gateways: readonly Gateway[]
  readonly ledger: Ledger
  readonly subscribers: readonly Subscriber[]
  /** The log so far, as the gateways tell it. */
  readonly log: History
  /** How often each fault was done. */
  readonly struck: Map<string, number>
  /** Folder of what the gateways are configured with. */
  readonly folder: string
  /** Of some instance. */
  readonly address: (random: Random) => string
}

/** Starts everything, with a first event in the log so that every subscriber has a cursor to begin behind. */
export async function createWorld({ store: kind, instances }: Options, random: Random): Promise<World> {
  const store = kind === 'sqlite' ? createSqlite() : await createPostgres()
  const gateways: Gateway[] = []
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-nemesis-config-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  try {
    const config = writeConfig(folder)
    for (let index = 1; index <= instances; index++) {
      gateways.push(new Gateway(`gateway ${index}`, environment(await store.address(), config)))
    }
    await Promise.all(gateways.map((gateway) => gateway.up()))
    return { ...(await populate(gateways, random)), store, gateways, folder }
  } catch (error) {
    await Promise.all(gateways.map((gateway) => gateway.close()))
    await store.close(false)
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function populate(gateways: readonly Gateway[], random: Random) {
  const ledger = new Ledger()
  const address = (random: Random): string => random.pick(gateways).url
  await sendOne({ ledger, address, random: random.fork('first') }, apps[0])
  const log = new History()
  log.add(await readLog(address(random), null))
  ledger.takeRound()
  const after = log.end?.cursor
  if (after === undefined) throw new Error('The first event is not in the log')
  const subscribers = [null, apps[0].appId, null].flatMap((appId, group) =>
    Object.keys(transports).map((transport) => {
      const own = random.fork(`subscriber ${group} ${transport}`)
      const place = { after, appId }
      return new Subscriber({ transport: transport as keyof typeof transports, place, address, random: own })
    }),
  )
  return { ledger, subscribers, log, struck: new Map<string, number>(), address }
}

/** Ends everything in order: a gateway that does not end by itself is one of the crashes. */
export async function closeWorld({ subscribers, gateways, folder }: World): Promise<void> {
  await Promise.all(subscribers.map((subscriber) => subscriber.close()))
  await Promise.all(gateways.map((gateway) => gateway.close()))
  rmSync(folder, { recursive: true, force: true })
}

function environment(databaseUrl: string, config: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    GATEWAY_CONFIG: config,
    // Nothing listens there: no event field needs Graph.
    GRAPH_API_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
    STREAM_HEARTBEAT_SECONDS: '1',
  }
}

function writeConfig(folder: string): string {
  const path = join(folder, 'apps.json')
  writeFileSync(path, JSON.stringify({ apps }))
  return path
}
