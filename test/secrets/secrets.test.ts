import { describe, expect, it } from 'vitest'
import { emptyDatabase } from '../support/postgres.ts'
import { openStore } from '../../src/events/store.ts'
import { startChild } from '../support/child.ts'
import { Play, papers, socialOverdrive, luckyShrub } from '../writes/support/play.ts'
import { override } from '../writes/support/verbs/accounts.ts'
import { pin } from '../writes/support/verbs/numbers.ts'
import { readStore, run } from './support/artefacts.ts'
import { canary, findCanaries, proof, sixDigits, type Canary } from './support/canaries.ts'
import { driveMutations, driveQueries, driveStreams, driveWrongTypes } from './support/drive.ts'

const apiKey = 'canary-of-the-key-of-the-gateway'
const encryptionKey = Buffer.alloc(32, 'canary-of-the-encryption-key').toString('base64')

/** All that the simulator has given out, what came from the callers, and what only the configuration holds. */
function canariesOf({ sim, config }: Play, codes: ReadonlySet<string>): readonly Canary[] {
  const { tokens, people } = sim.state()
  return [
    ...config.apps.flatMap(({ appId, appSecrets: [secret], systemToken, verifyToken }) => [
      canary(`the secret of app ${appId}`, secret),
      canary(`the system token of app ${appId}`, systemToken),
      proof(`the proof of the system token of app ${appId}`, systemToken, secret),
      canary(`the verify token of app ${appId}`, verifyToken),
    ]),
    ...tokens.filter(({ kind }) => kind === 'business').map(({ token }) => canary('a business token', token)),
    ...people.map(({ token }) => canary('a token of a person', token)),
    ...[...codes].map((code) =>
      /^\d{6}$/.test(code) ? sixDigits('a code of a number', code) : canary('a code', code),
    ),
    canary('the API key', apiKey),
    canary('the encryption key', encryptionKey),
    sixDigits('the PIN', pin),
    canary('the verify token of an override', override.verifyToken),
    canary('a document', papers),
  ]
}

/** Codes live shortly: they are collected while they do. */
function watchCodes({ sim }: Play): { readonly codes: ReadonlySet<string>; stop(): void } {
  const codes = new Set<string>()
  const timer = setInterval((): void => {
    const { accounts, codes: signups } = sim.state()
    for (const { code } of signups) codes.add(code)
    for (const { code } of accounts.flatMap(({ phoneNumbers }) => phoneNumbers)) if (code) codes.add(code)
  }, 5)
  return { codes, stop: () => clearInterval(timer) }
}

/** Whether there is something sealed to look into. */
async function sealedRows({ config: { databaseUrl } }: Play) {
  const store = await openStore(databaseUrl)
  const tokens = (await store.tokens.countByKey()).size > 0
  // None more fits where one waits.
  const documents = (await store.documents.put({ id: 'x', sealed: nothing, size: 1 }, 1, 1)) === null
  await store.close()
  return { tokens, documents }
}
const nothing = { keyId: '', bytes: new Uint8Array() }

describe.concurrent('a secret', () => {
  it.each<[string, () => Promise<string | undefined>]>([
    ['SQLite', async () => undefined],
    ['PostgreSQL', () => emptyDatabase()],
  ])('is in no answer, log line, metric, database or output, over %s', async (_, place) => {
    const databaseUrl = await place()
    const play = await Play.begin({
      wired: true,
      overrides: {
        apiKey,
        encryptionKeys: [encryptionKey],
        logLevel: 'trace',
        ...(databaseUrl !== undefined && { databaseUrl }),
      },
    })
    const { codes, stop } = watchCodes(play)
    try {
      await play.closeGateways()
      const child = startChild(play.environment())
      const [, url = ''] = await child.says(/(http:\S+)\/graphql/)
      play.urls.push(url)
      await play.setCallbacks()
      const customer = await play.customer(await play.solution('Wind & Wool'))
      await play.mutate('shareCreditLine', {
        wabaId: customer.waba_id,
        appId: luckyShrub,
        currency: 'USD',
        addSystemUser: true,
      })
      await driveMutations(play)
      await driveWrongTypes(play)
      const streams = await driveStreams(play, customer)
      expect(await driveQueries(play, customer)).toEqual([])
      await play.control.webhook(socialOverdrive, {
        object: 'whatsapp_business_account',
        entry: [{ id: 1, changes: 'none' }],
      })
      const key = { authorization: `Bearer ${apiKey}` }
      const pages = await Promise.all(
        ['/metrics', '/health/ready', '/', '/nowhere', '/graphql'].map(async (path) =>
          (await fetch(`${url}${path}`, { headers: key })).text(),
        ),
      )
      // One that nobody submits, so that the database has a document as well as tokens.
      expect(await play.upload()).toMatch(/-/)
      const store = await readStore(play.config.databaseUrl, play.folder)
      expect(await sealedRows(play)).toEqual({ tokens: true, documents: true })
      child.process.kill('SIGTERM')
      expect(await child.ended).toBe(0)
      const env = { DATABASE_URL: play.config.databaseUrl }
      const artefacts = {
        'an answer': play.answers.join('\n'),
        'a stream': streams.join('\n'),
        'a page': pages.join('\n'),
        stdout: child.stdout(),
        stderr: child.stderr(),
        'mps-gateway replay list': await run(['replay', 'list'], env),
        'mps-gateway replay show': await run(['replay', 'show', '1'], env),
        'mps-gateway replay drive': await run(['replay', 'drive', 'all'], env),
        ...store,
        ...Object.fromEntries(
          Object.entries(await readStore(play.config.databaseUrl, play.folder)).map(([name, text]) => [
            `${name} at the end`,
            text,
          ]),
        ),
      }
      stop()
      const canaries = canariesOf(play, codes)
      expect(new Set(canaries.map(({ name }) => name)).size).toBeGreaterThanOrEqual(12)
      expect(artefacts['mps-gateway replay show']).toContain('changes')
      // What is stored in the clear is found in what is looked through.
      expect(Object.values(store).join('\n')).toContain(customer.waba_id)
      expect(artefacts.stdout.split('\n').length).toBeGreaterThan(20)
      expect(findCanaries(canaries, artefacts)).toEqual([])
    } finally {
      stop()
      await play.close()
    }
  })

  const password = 'canary-of-a-database-password'
  it.each([
    ['a database that is not there', { DATABASE_URL: `postgres://user:${password}@127.0.0.1:1/none` }],
    ['a database address that is none', { DATABASE_URL: `postgres://user:${password}@[/none` }],
    ['a key with white space', { GATEWAY_API_KEY: `${apiKey} ${password}` }],
    ['an address of Graph with a password', { GRAPH_API_URL: `https://user:${password}@graph.example.com` }],
    ['a token with a line break', { META_APP_ID: '1', META_SYSTEM_TOKEN: `${password}\n${apiKey}` }],
    ['a secret in place of a file', { GATEWAY_CONFIG: password }],
    ['a secret in place of a list of hosts', { WEBHOOK_OVERRIDE_HOSTS: `https://user:${password}@x/` }],
  ])('is not said by a process that does not start because of %s', async (_, env) => {
    const said = await run([], { PORT: '0', LOG_LEVEL: 'trace', ...env })
    expect(said.length).toBeGreaterThan(20)
    const canaries = [canary('the password', password), canary('the key', apiKey)]
    expect(findCanaries(canaries, { output: said })).toEqual([])
  })
})
