import { readConfig } from '../config/config.ts'
import type { DeadLetter } from '../events/dead-letters.ts'
import { openStore, type Store } from '../events/store.ts'
import { nothingKept, redrive } from '../webhooks/redrive.ts'
import { fail, UsageError } from './process.ts'

const usage = `mps-gateway replay list          what could not be handled, oldest first
mps-gateway replay show ID       what is kept of one of them, and what was tried
mps-gateway replay drive ID|all  handle it again with this release`

/** `mps-gateway replay …` on the store that DATABASE_URL names. Ends with 1 when not all that was asked for could be done. */
export async function replay([verb, which]: readonly string[]): Promise<void> {
  const { databaseUrl } = readConfig({ DATABASE_URL: process.env['DATABASE_URL'] })
  const store = await openStore(databaseUrl, { mustExist: true, poolSize: 3 })
  try {
    if (verb === 'list') await list(store)
    else if (verb === 'show' && which) await show(store, which)
    else if (verb === 'drive' && which) await drive(store, which)
    else fail(new UsageError(usage))
  } finally {
    await store.close()
  }
}

async function* letters({ deadLetters }: Store) {
  for (let after: number | undefined; ;) {
    const page = await deadLetters.list({ limit: 100, ...(after !== undefined && { after }) })
    yield* page
    after = page.at(-1)?.id
    if (after === undefined) return
  }
}

async function list(store: Store): Promise<void> {
  let count = 0
  for await (const { id, appId, receivedAt, reason, size, handled } of letters(store)) {
    const state = handled ? 'handled' : 'waiting'
    console.log(
      `${id}\t${state}\t${new Date(receivedAt).toISOString()}\tapp ${appId}\t${size} bytes\t${reason}`,
    )
    count++
  }
  if (count === 0) console.log('There are no dead letters.')
}

async function show(store: Store, which: string): Promise<void> {
  const letter = await letterOf(store, which)
  if (!letter) return
  console.log(`${letter.reason}, app ${letter.appId}, ${new Date(letter.receivedAt).toISOString()}`)
  for (const { at, handled, detail } of letter.redrives)
    console.log(`re-driven ${new Date(at).toISOString()}: ${handled ? (detail ?? 'handled') : detail}`)
  if (letter.raw.length === 0) console.log(`${nothingKept}: ${letter.size} bytes that nobody could read`)
  else process.stdout.write(Buffer.concat([letter.raw, Buffer.from('\n')]))
}

async function letterOf({ deadLetters }: Store, which: string): Promise<DeadLetter | null> {
  const letter = /^[0-9]{1,15}$/.test(which) ? await deadLetters.get(Number(which)) : null
  if (!letter) failed(`There is no dead letter "${which}".`)
  return letter
}

async function drive(store: Store, which: string): Promise<void> {
  if (which !== 'all') return driveOne(store, await letterOf(store, which))
  for await (const { id, handled } of letters(store))
    if (!handled) await driveOne(store, await store.deadLetters.get(id))
}

async function driveOne(store: Store, letter: DeadLetter | null): Promise<void> {
  if (!letter) return
  if (letter.handled) return console.log(`${letter.id}\thandled before`)
  const { handled, detail } = await redrive({ ...store, clock: Date.now }, letter)
  if (handled) console.log(`${letter.id}\thandled${detail === null ? '' : `: ${detail}`}`)
  else failed(`${letter.id}\tstill not handled: ${detail}`)
}

function failed(why: string): void {
  console.log(why)
  process.exitCode = 1
}
