import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { openVault } from '../../src/graph/token-vault.ts'
import { good } from '../config/bad-environments.ts'
import { breaking, next } from '../events/upgrades/support/next.ts'
import { canShiftClocks, clockAhead } from '../support/faketime.ts'
import { whyWithoutPgbouncer } from '../support/pgbouncer.ts'
import { emptyDatabase, emptyPooledDatabase, postgresUrl } from '../support/postgres.ts'
import { PostgresProcess } from '../support/postgres-process.ts'
import { environment, programOf } from '../support/programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'mps-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

const key = Buffer.alloc(32, 'canary').toString('base64')
const env = { ...good, TOKEN_ENCRYPTION_KEY: key }

function doctor(given: Readonly<Record<string, string>>, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [programOf('mps-gateway'), 'doctor', ...words],
    { encoding: 'utf8', env: { ...environment(), ...given }, timeout: 240_000 },
  )
  expect(stdout + stderr).not.toMatch(/canary/)
  expect(stdout + stderr).not.toContain(key)
  return { status, stdout, stderr }
}

interface Told {
  readonly checks: readonly { name: string; state: string; says: string; advice: string | null }[]
}

function told(given: Readonly<Record<string, string>>) {
  const { status, stdout } = doctor(given, '--json')
  const { checks } = JSON.parse(stdout) as Told
  return { status, of: (name: string) => checks.find((check) => check.name === name) }
}

async function createStore(name: string): Promise<string> {
  const url = `file:${join(folder, name)}`
  await (await openStore(url)).close()
  return url
}

describe('mps-gateway doctor', () => {
  it('has nothing to say where all is well, and ends with 0', async () => {
    const { status, stdout } = doctor({ ...env, DATABASE_URL: await createStore('well.db') })
    expect(stdout).toMatch(/^ok +configuration +App 21202248997039 against https:\/\/graph.facebook.com/)
    expect(stdout).not.toMatch(/^(warning|problem)/m)
    expect(status).toBe(0)
  })

  it('tells all that is wrong with the environment, and ends with 1', () => {
    const { status, of } = told({ ...env, PORT: 'x', TOKEN_ENCRYPTION_KEY: 'canary' })
    expect(of('configuration')).toMatchObject({ state: 'problem' })
    expect(of('configuration')?.says).toMatch(/PORT: [^]*TOKEN_ENCRYPTION_KEY: /)
    expect(status).toBe(1)
  })

  it('creates no store, and says that the start does', () => {
    const { status, of } = told({ ...env, DATABASE_URL: `file:${join(folder, 'none.db')}` })
    expect(of('store')).toMatchObject({
      state: 'warning',
      says: expect.stringContaining('there is no such file') as string,
      advice: expect.stringContaining('next start') as string,
    })
    expect(status).toBe(0)
  })

  it('says when a newer release has brought the store up to date', async () => {
    const url = `file:${join(folder, 'newer.db')}`
    await (await openStore(url, { later: next })).close()
    const { status, of } = told({ ...env, DATABASE_URL: url })
    expect(of('store')).toMatchObject({
      state: 'ok',
      says: expect.stringMatching(/to which mps-gateway [\d.]+ has brought it.*still works on it/) as string,
    })
    expect(status).toBe(0)
  })

  it('ends with 1 when the store is of a newer release that breaks, and says the way back', async () => {
    const url = `file:${join(folder, 'breaking.db')}`
    await (await openStore(url, { later: breaking })).close()
    const { status, of } = told({ ...env, DATABASE_URL: url })
    expect(of('store')).toMatchObject({
      state: 'problem',
      says: expect.stringMatching(/start mps-gateway [\d.]+ again, or restore the backup/) as string,
    })
    expect(status).toBe(1)
  })

  it('ends with 1 when PostgreSQL cannot be reached, and names it without user and password', () => {
    const { status, of } = told({ ...env, DATABASE_URL: 'postgres://canary:canary@127.0.0.1:1/events' })
    expect(of('store')).toMatchObject({
      state: 'problem',
      says: expect.stringContaining('PostgreSQL at 127.0.0.1:1/events') as string,
    })
    for (const name of ['database', 'clock']) expect(of(name)).toMatchObject({ state: 'skipped' })
    expect(status).toBe(1)
  })

  it('ends with 1 when the store is something else', () => {
    writeFileSync(join(folder, 'text.db'), 'this is a text and not a database '.repeat(100))
    const { status, of } = told({ ...env, DATABASE_URL: `file:${join(folder, 'text.db')}` })
    expect(of('store')).toMatchObject({ state: 'problem' })
    expect(status).toBe(1)
  })

  it('says what it costs that there is no key', () => {
    const { status, of } = told(good)
    expect(of('encryption key')).toMatchObject({
      state: 'warning',
      says: expect.stringMatching(/restart loses[^]*sign up once more/) as string,
      advice: expect.stringContaining('openssl rand -base64 32') as string,
    })
    expect(status).toBe(0)
  })

  it('says which tokens need which key while a key is changed, and that they are lost without theirs', async () => {
    const [old, next] = [key, Buffer.alloc(32, 'another').toString('base64')]
    const url = await createStore('tokens.db')
    const store = await openStore(url)
    const vault = openVault([old], store.tokens, { unreadable: () => {} })
    const of = { appId: '1', customer: { businessId: '2', solutionId: null } }
    const kept = { token: 'EAAB', wabaId: null, endsAt: null, marginMs: 0, lifetimeMs: null }
    await vault?.keep(of, { ...kept, source: 'CODE' })
    await store.close()
    const look = (keys: string) => told({ ...good, TOKEN_ENCRYPTION_KEY: keys, DATABASE_URL: url })
    const says = (pattern: RegExp) => expect.stringMatching(pattern) as string
    expect(look(old).of('encryption key')).toMatchObject({ state: 'ok' })
    expect(look(`${next},${old}`).of('encryption key')).toMatchObject({ says: says(/1 tokens in the store/) })
    expect(look(`${old},${next}`).of('encryption key')).toMatchObject({ says: says(/no token .* needs/) })
    expect(look(next)).toMatchObject({ status: 1 })
    expect(look(next).of('encryption key')).toMatchObject({ state: 'problem', says: says(/holds 1 tokens/) })
  })

  it('says how many connections PostgreSQL has free, and that notifications arrive', async () => {
    const DATABASE_URL = await emptyDatabase()
    await (await openStore(DATABASE_URL)).close()
    const finding = told({ ...env, DATABASE_URL }).of('database')
    expect(finding?.state).toBe('ok')
    expect(finding?.says).toMatch(
      /^PostgreSQL 18\.\d+ has \d+ of 197 connections free; .* Notifications arrive\./,
    )
  })

  it('says that PostgreSQL has too few connections for an instance', async () => {
    const server = await PostgresProcess.start('fsync=off', 'max_connections=12')
    onTestFinished(() => server.stop())
    await (await openStore(server.url)).close()
    const finding = told({ ...env, DATABASE_URL: server.url }).of('database')
    expect(finding).toMatchObject({ state: 'warning' })
    expect(finding?.says).toMatch(/has \d of 9 connections free/)
    expect(finding?.advice).toContain('DATABASE_POOL_SIZE')
  })

  it.skipIf(whyWithoutPgbouncer !== '')(
    `says that no notification gets through a pooler, unless it is told a way round it${whyWithoutPgbouncer}`,
    async () => {
      const DATABASE_URL = await emptyPooledDatabase()
      await (await openStore(DATABASE_URL)).close()
      const finding = told({ ...env, DATABASE_URL }).of('database')
      expect(finding).toMatchObject({ state: 'warning' })
      expect(finding?.says).toContain('No notification gets through')
      expect(finding?.advice).toContain('DATABASE_LISTEN_URL')
      const { port } = new URL(await postgresUrl())
      const DATABASE_LISTEN_URL = Object.assign(new URL(DATABASE_URL), { port }).href
      expect(told({ ...env, DATABASE_URL, DATABASE_LISTEN_URL }).of('database')?.state).toBe('ok')
    },
  )

  it('says that a version of Graph has ended, and ends with 1', () => {
    const { status, of } = told({ ...env, GRAPH_API_VERSION: 'v19.0' })
    expect(of('Graph version')).toMatchObject({ state: 'problem', says: expect.stringContaining('ended') })
    expect(status).toBe(1)
  })

  it('says with --help how it is used, and refuses what it does not know', () => {
    expect(doctor({}, '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--json') })
    expect(doctor({}, '--jsn')).toMatchObject({ status: 1, stderr: expect.stringContaining('--json') })
  })

  it.skipIf(!canShiftClocks).each([
    [300, '300 seconds ahead of'],
    [-300, '300 seconds behind'],
  ])('warns of a clock that differs from that of the store by %i seconds', async (seconds, says) => {
    const url = await emptyDatabase()
    await (await openStore(url)).close()
    const { status, of } = told({ ...env, DATABASE_URL: url, ...clockAhead(seconds) })
    expect(of('clock')).toMatchObject({ state: 'warning', says: expect.stringContaining(says) as string })
    expect(status).toBe(0)
  })
})
