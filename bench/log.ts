import { statSync } from 'node:fs'
import type { NewEvent } from '../src/events/event.ts'
import { follow } from '../src/events/follow.ts'
import type { EventLog } from '../src/events/log.ts'
import { openStore } from '../src/events/store.ts'
import { madeUpApp } from './support/app.ts'
import { median, perSecond, ratio } from './support/figures.ts'
import { fillPostgres, fillSqlite } from './support/fill.ts'
import { interleave } from './support/interleave.ts'
import type { Options } from './support/options.ts'
import { runSql, startPostgres } from './support/postgres.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'

const rounds = 5
const appends = { each: 4_000, atOnce: 64 }
/** Fewer than the appends of all rounds leave in the log that was empty. */
const history = 16_000

const usual = { sqlite: 10_000_000, postgres: 1_000_000 }

/** What a long history costs: appends to a full log, and a reader who comes back to it, beside one that begins. */
export async function log({ events }: Options): Promise<Row[]> {
  return [
    ...(await measureSqlite(events ?? usual.sqlite)),
    ...(await measurePostgres(events ?? usual.postgres)),
  ]
}

async function measureSqlite(events: number): Promise<Row[]> {
  using empty = createStore()
  using full = createStore()
  await fillSqlite(full.path, events)
  console.error(`  ${events} events in ${(statSync(full.path).size / 1e9).toFixed(1)} GB`)
  return await measure(`SQLite, ${name(events)}`, `file:${full.path}`, `file:${empty.path}`)
}

async function measurePostgres(events: number): Promise<Row[]> {
  await using postgres = await startPostgres()
  const [full, empty] = [await postgres.createDatabase(), await postgres.createDatabase()]
  await fillPostgres(full, events)
  // Autovacuum does it within minutes; until then the planner knows nothing of a new table.
  const settle = async (): Promise<void> => void (await runSql(empty, 'ANALYZE events'))
  return await measure(`PostgreSQL, ${name(events)}`, full, empty, settle)
}

const name = (events: number): string => `${events.toLocaleString('en')} events beside none`

async function measure(
  name: string,
  fullUrl: string,
  emptyUrl: string,
  settle: () => Promise<void> = async () => {},
): Promise<Row[]> {
  const [full, empty] = [await openStore(fullUrl), await openStore(emptyUrl)]
  try {
    const middle = Math.floor((await full.log.head()) / 2)
    const appended = await interleave(
      rounds,
      () => append(full.log),
      () => append(empty.log),
    )
    await settle()
    const read = await interleave(
      rounds,
      () => catchUp(full.log, middle),
      () => catchUp(empty.log, 0),
    )
    return [row(`${name}: appends, ${appends.atOnce} at once`, appended), row(`${name}: catching up`, read)]
  } finally {
    await Promise.all([full.close(), empty.close()])
  }
}

function row(what: string, [full, empty]: readonly [readonly number[], readonly number[]]): Row {
  const [rate, emptyRate] = [median(full), median(empty)]
  return {
    what,
    gateway: perSecond(rate),
    bare: perSecond(emptyRate),
    ratio: ratio(rate, emptyRate),
    aim: '≥ 0.50',
  }
}

/** Events a second. */
async function append(log: EventLog): Promise<number> {
  const waiting = Array.from({ length: appends.each }, newEvent)
  const begun = performance.now()
  const work = async (): Promise<void> => {
    for (let event = waiting.pop(); event; event = waiting.pop()) await log.append([event])
  }
  await Promise.all(Array.from({ length: appends.atOnce }, work))
  return (appends.each * 1_000) / (performance.now() - begun)
}

/** Events a second, through what subscriptions use. */
async function catchUp(log: EventLog, from: number): Promise<number> {
  const stop = new AbortController()
  const begun = performance.now()
  let left = history
  for await (const _ of follow(log, from, { appIds: [madeUpApp.appId] }, stop.signal)) if (--left === 0) break
  stop.abort()
  return (history * 1_000) / (performance.now() - begun)
}

let events = 0

function newEvent(): NewEvent {
  const now = Date.now()
  const number = events++
  return {
    appId: madeUpApp.appId,
    kind: 'CLIENT_WABA_ONBOARDED',
    source: 'WEBHOOK',
    dedupeKey: `${String(Math.floor(now / 1000)).padStart(12, '0')}-bench-${process.pid}-${number}`,
    occurredAt: now,
    receivedAt: now,
    field: 'account_update',
    event: 'PARTNER_ADDED',
    solutionId: '1715120619246906',
    wabaId: String(970_000_000_000_000 + number),
    ownerBusinessId: '2329417887457253',
    reportedStatus: null,
    payload: '{"event":"PARTNER_ADDED"}',
  }
}
