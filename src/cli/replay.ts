import { readConfig } from '../config.ts'
import { openStore, type Store } from '../events/store.ts'
import { redrive } from '../replay/redrive.ts'
import { fail, UsageError } from './fail.ts'

const usage = `mps-gateway replay list          what could not be handled, oldest first
mps-gateway replay show ID       one of them as it came, and what was tried
mps-gateway replay drive ID|all  handle it again with this release`

/** `mps-gateway replay …` on the store that DATABASE_URL names. */
export async function replay([verb, which]: readonly string[]): Promise<void> {
  const { databaseUrl } = readConfig({ DATABASE_URL: process.env['DATABASE_URL'] })
  const store = await openStore(databaseUrl)
  try {
    if (verb === 'list') await list(store)
    else if (verb === 'show' && which) await show(store, Number(which))
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

async function show({ deadLetters }: Store, id: number): Promise<void> {
  const letter = await deadLetters.get(id)
  if (!letter) return console.log(`There is no dead letter ${id}.`)
  console.log(`${letter.reason}, app ${letter.appId}, ${new Date(letter.receivedAt).toISOString()}`)
  for (const { at, handled, detail } of letter.redrives)
    console.log(`re-driven ${new Date(at).toISOString()}: ${handled ? 'handled' : detail}`)
  console.log(letter.raw.toString('utf8'))
}

async function drive(store: Store, which: string): Promise<void> {
  for await (const { id, handled } of letters(store)) {
    if (handled || (which !== 'all' && id !== Number(which))) continue
    const letter = await store.deadLetters.get(id)
    if (!letter) continue
    const outcome = await redrive({ ...store, clock: Date.now }, letter)
    console.log(`${id}\t${outcome.handled ? 'handled' : `still unreadable: ${outcome.detail}`}`)
  }
}
