/**
 * Writes the fixtures of this release, from which no later one may take anything away. Into test/fixtures/stores what a
 * gateway of it has put into its store, as SQL for both kinds of store, and what of that has to be read; into
 * test/fixtures/schema what clients know of its schema. Run once for each release.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql'
import { schema } from '../../../src/api/schema.ts'
import { Cursors } from '../../../src/events/cursor.ts'
import { postgresMigrations } from '../../../src/events/postgres/migrate.ts'
import { release, type Migration } from '../../../src/events/sql/migrations.ts'
import { openStore } from '../../../src/events/store.ts'
import { openVault } from '../../../src/graph/token-vault.ts'
import { sqliteMigrations } from '../../../src/events/sqlite/open.ts'
import { luckyShrub, Play, socialOverdrive } from '../../writes/support/play.ts'
import { dumpRows } from './dump.ts'
import { fixtureCustomers, fixtureKey, tokenOfFixture } from './fixture-tokens.ts'

/** Something of every kind: writes that are done, refused and unknown, webhooks, a dead letter, a signup, credit. */
async function tellStory(play: Play): Promise<void> {
  const { control } = play
  const invitation = {
    appId: socialOverdrive,
    partnerAppId: luckyShrub,
    name: 'Together',
    messaging: 'PARTNER',
  }
  const created = await play.mutate('createSolution', { ...invitation, idempotencyKey: 'create' })
  const { solutionId } = created['solution'] as { solutionId: string }
  await play.mutate('acceptSolution', { solutionId, appId: luckyShrub, idempotencyKey: 'accept' })
  const { waba_id: wabaId } = await play.customer(solutionId)
  const account = { wabaId, appId: luckyShrub }
  const message = { type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL', data: { current_step: 'PERMISSIONS' } }
  await play.mutate('reportSignupSession', { appId: socialOverdrive, message, idempotencyKey: 'report' })
  await play.mutate('shareCreditLine', {
    ...account,
    currency: 'USD',
    addSystemUser: true,
    idempotencyKey: 'share',
  })
  await control.faults({
    method: 'POST',
    path: 'phone_numbers',
    kind: 'error',
    status: 400,
    code: 100,
    times: 1,
  })
  const number = { countryCode: '49', phoneNumber: '15112345678', verifiedName: 'Wool' }
  await play.mutate('addPhoneNumber', { ...account, ...number, idempotencyKey: 'refused' })
  const added = { ...number, phoneNumber: '15112345679' }
  await play.mutate('addPhoneNumber', { ...account, ...added, idempotencyKey: 'add' })
  await control.faults({ method: 'POST', path: 'request_code', kind: 'lostReply', times: 1 })
  const waiting = play.sim
    .state()
    .accounts.flatMap(({ phoneNumbers }) => phoneNumbers)
    .find(({ verification }) => verification !== 'VERIFIED')
  const asked = { ...account, phoneNumberId: waiting?.id, codeMethod: 'SMS', language: 'en_US' }
  await play.mutate('requestPhoneNumberCode', { ...asked, idempotencyKey: 'unknown' })
  for (const changes of ['none', [{ field: 'a_new_field', value: { text: 'x' } }]])
    await control.webhook(luckyShrub, {
      object: 'whatsapp_business_account',
      entry: [{ id: wabaId, time: 1_790_000_000, changes }],
    })
}

/** Customers' tokens under a key that is no secret. */
async function keepTokens(databaseUrl: string): Promise<void> {
  const store = await openStore(databaseUrl)
  const vault = openVault([fixtureKey], store.tokens, { unreadable: () => {} })
  const common = { wabaId: '2', endsAt: null, marginMs: 0, lifetimeMs: null }
  for (const source of ['CODE', 'SOLUTION'] as const)
    await vault?.keep(fixtureCustomers[source], { ...common, token: tokenOfFixture(source), source })
  await store.close()
}

const digestOf = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex')

/** The schema without its descriptions. */
function contract(): string {
  const document = parse(printSchema(lexicographicSortSchema(schema)))
  return print(
    visit(document, {
      enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    }),
  )
}

const folder = new URL('../../fixtures/', import.meta.url)
const play = await Play.begin()
await tellStory(play)
await play.closeGateways()
await keepTokens(play.config.databaseUrl)
const database = new DatabaseSync(play.config.databaseUrl.slice('file:'.length))
const log = database.prepare('SELECT id, cursor_key FROM log').get()
const cursors = new Cursors(String(log?.['id']), String(log?.['cursor_key']))
const seqs = database.prepare('SELECT seq FROM events ORDER BY seq').all()
const facts = {
  migrations: {
    SQLite: sqliteMigrations.map(digestOf),
    PostgreSQL: postgresMigrations.map(digestOf),
  },
  cursors: Object.fromEntries(seqs.map(({ seq }) => [String(seq), cursors.encode(Number(seq))])),
}
writeFileSync(new URL(`stores/${release}.json`, folder), `${JSON.stringify(facts, null, 2)}\n`)
writeFileSync(new URL(`stores/${release}.sql`, folder), dumpRows(database))
writeFileSync(new URL(`schema/${release}.graphql`, folder), `${contract()}\n`)
database.close()
await play.close()
