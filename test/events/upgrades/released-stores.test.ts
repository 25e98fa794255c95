import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { postgresMigrations } from '../../../src/events/postgres/migrate.ts'
import { compatibleFrom } from '../../../src/events/sql/migrations.ts'
import { sqliteMigrations } from '../../../src/events/sqlite/open.ts'
import { openVault } from '../../../src/graph/token-vault.ts'
import { decideForRecord, readBegun, readEnded } from '../../../src/writes/record.ts'
import { root } from '../../support/repository.ts'
import { fixtureCustomers, fixtureKey, tokenOfFixture } from '../../upgrades/support/fixture-tokens.ts'
import { inPostgres } from '../../upgrades/support/dump.ts'
import { luckyShrub, Play, socialOverdrive } from '../../writes/support/play.ts'
import { opened, storeKinds } from '../support/stores.ts'
import { buildStore } from './support/build.ts'
import { bySql } from './support/by-sql.ts'

interface Facts {
  readonly migrations: { readonly SQLite: readonly string[]; readonly PostgreSQL: readonly string[] }
  /** By the position of each event. */
  readonly cursors: Readonly<Record<string, string>>
}

const folder = join(root, 'test/fixtures/stores')
const releases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const name = file.slice(0, -'.json'.length)
    const facts = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Facts
    return { name, facts, rows: readFileSync(join(folder, `${name}.sql`), 'utf8') }
  })

describe.each(releases)('a store of release $name', ({ facts, rows }) => {
  const version = facts.migrations.SQLite.length

  async function built(url: string): Promise<string> {
    await buildStore(url, version, url.startsWith('file:') ? rows : inPostgres(rows))
    return url
  }

  it('is made by migrations that nobody has edited since', () => {
    const digests = (migrations: readonly { readonly sql: string }[]) =>
      migrations.slice(0, version).map(({ sql }) => createHash('sha256').update(sql).digest('hex'))
    expect({ SQLite: digests(sqliteMigrations), PostgreSQL: digests(postgresMigrations) }).toEqual(
      facts.migrations,
    )
  })

  it('may still be worked on by that release, unless a migration is said to break it', () => {
    const breaks = sqliteMigrations.slice(version).some((migration) => migration.breaks)
    expect(compatibleFrom(sqliteMigrations) <= version).toBe(!breaks)
  })

  it.each(storeKinds)('is read as that release has left it: $name', async (kind) => {
    const url = await built(await kind.place())
    const store = await opened(url)
    for (const [seq, cursor] of Object.entries(facts.cursors)) {
      expect(store.log.cursors.decode(cursor)).toEqual({ seq: Number(seq) })
      expect(await store.log.get(Number(seq))).toMatchObject({ seq: Number(seq) })
    }
    const decisions = []
    for (const { app_id, verb, key } of await bySql(url, 'SELECT app_id, verb, key FROM writes')) {
      const record = await store.writes.get({ appId: String(app_id), verb: String(verb), key: String(key) })
      if (!record) throw new Error(`There is no record of ${String(key)}`)
      const decision = decideForRecord(record)
      decisions.push(decision)
      const known = decision === 'answer' ? readEnded(record) : readBegun(record, '')
      expect(known).toMatchObject(decision === 'answer' ? {} : { appId: luckyShrub })
    }
    expect(new Set(decisions)).toEqual(new Set(['answer', 'look-up']))
    expect(await store.deadLetters.list({ limit: 10 })).toHaveLength(1)
    const [shared] = await bySql(url, 'SELECT waba_id FROM sharings')
    const sharings = await store.sharings.find({ wabaId: String(shared?.['waba_id']) }, [luckyShrub])
    expect(sharings).toMatchObject([{ attached: true }])
    const vault = openVault([fixtureKey], store.tokens, { unreadable: () => {} })
    for (const source of ['CODE', 'SOLUTION'] as const)
      expect(await vault?.find([fixtureCustomers[source]])).toMatchObject([
        { token: tokenOfFixture(source), source, wabaId: '2' },
      ])
  })

  it('has its events shown and its keys answered', async () => {
    const databaseUrl = await built((await storeKinds[0]?.place()) ?? '')
    const play = await Play.begin({ databaseUrl, overrides: { retentionDays: 36_500 } })
    onTestFinished(() => play.close())
    const { events } = (await play.ask(
      `{ events(first: 100) { edges { cursor node { kind severity write { outcome } } } } }`,
    )) as {
      events: { edges: readonly { cursor: string }[] }
    }
    expect(events.edges.map(({ cursor }) => cursor)).toEqual(Object.values(facts.cursors))
    // The world of that store: its first solution.
    const solutionId = await play.solution('Together', false)
    await play.control.forgetRequests()
    const invitation = {
      appId: socialOverdrive,
      partnerAppId: luckyShrub,
      name: 'Together',
      messaging: 'PARTNER',
    }
    expect(await play.mutate('createSolution', { ...invitation, idempotencyKey: 'create' })).toMatchObject({
      solution: { solutionId },
    })
    expect(
      await play.mutate('acceptSolution', { solutionId, appId: luckyShrub, idempotencyKey: 'accept' }),
    ).toMatchObject({ __typename: 'SolutionActionPayload' })
    expect(await play.writes()).toEqual({})
  })
})
