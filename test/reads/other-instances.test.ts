import { describe, expect, it, onTestFinished } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { whyWithoutPgbouncer } from '../support/pgbouncer.ts'
import { emptyDatabase, emptyPooledDatabase, query } from '../support/postgres.ts'
import { wireTo } from '../support/postgres-wire.ts'
import { until } from '../support/until.ts'
import { luckyShrub, Play, socialOverdrive, type Json } from '../writes/support/play.ts'
import { verbs } from '../writes/support/verbs.ts'
import { nameOf } from '../writes/support/verbs/verb.ts'

const fieldsOf = {
  account: `wabaId status solutions(first: 20) { edges { node { solutionId status } } }
    phoneNumbers(first: 20) { edges { node { phoneNumberId status codeVerificationStatus verifiedName } } }
    subscribedApps { appId } webhookSubscription { subscribed overrideCallbackUri } assignedUsers { userId tasks }
    creditAllocation { allocationId status graphRequestStatus } migrationIntents { status }
    ownerBusiness { businessId verificationStatus verificationSubmissions { status } }`,
  app: `solutions(first: 100) { edges { node { solutionId name status } } }
    clientWabas(first: 100) { edges { node { wabaId } } }
    creditLines { allocations(first: 50) { edges { node { allocationId status } } } }`,
}

/** All that an instance may have in memory of what a change can change. */
function questionAbout(input: Json): string {
  const { wabaId, solutionId, allocationId } = input
  const ask = (field: string, id: unknown, fields: string): string =>
    typeof id === 'string' ? `${field}: ${field}(id: "${id}") { ${fields} }` : ''
  return `{
    owner: app(id: "${socialOverdrive}") { ${fieldsOf.app} }
    partner: app(id: "${luckyShrub}") { ${fieldsOf.app} }
    ${ask('clientWaba', wabaId, fieldsOf.account)}
    ${ask('solution', solutionId, 'name status graphPendingRequest acceptsOnboarding')}
    ${ask('creditAllocation', allocationId, 'status graphRequestStatus')}
  }`
}

/** A store of its own, whose notifications are all lost: instances hear of each other's events from polls alone. */
async function withoutNotifications(): Promise<string> {
  const url = await emptyDatabase()
  const schema = /search_path%3D(\w+)/.exec(url)?.[1] ?? ''
  await query(url, `CREATE FUNCTION ${schema}.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT'`)
  return url.replace(schema, `${schema}%2Cpg_catalog`)
}

/** Three instances on one store. */
async function startThree(
  databaseUrl: string,
  overrides: Partial<Config> = {},
  deadlineMs = 10_000,
): Promise<Play> {
  const play = await Play.begin({ databaseUrl, wired: true, overrides, deadlineMs })
  onTestFinished(() => play.close())
  await play.addGateway()
  await play.addGateway()
  return play
}

/** Ends the connections over which instances of a store are notified, as often as they come back. */
async function cutAllTheTime(url: string, signal: AbortSignal): Promise<void> {
  const [log] = await query(url, 'SELECT id FROM log')
  while (!signal.aborted)
    await query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mps_gateway_${String(log?.['id'])}'`,
    )
}

/** From now on no webhook tells of a change: the instance that made it does, or nobody. */
async function holdWebhooks({ control }: Play): Promise<void> {
  for (const appId of [luckyShrub, socialOverdrive])
    await control.play('webhooks', { appId, delayMs: 60_000 })
}

const isSubscribed = async (play: Play, wabaId: string, instance: number): Promise<unknown> => {
  const { clientWaba } = await play.ask(
    `{ clientWaba(id: "${wabaId}") { webhookSubscription { subscribed } } }`,
    {},
    instance,
  )
  return (clientWaba as { webhookSubscription: { subscribed: boolean } }).webhookSubscription.subscribed
}

/** Asks for the end of a solution, and refuses it, through one instance after the other; how often another was behind. */
async function countStale(play: Play, rounds: number): Promise<number> {
  const solutionId = await play.solution('Together')
  const statusAt = async (instance: number): Promise<unknown> => {
    const { solution } = await play.ask(`{ solution(id: "${solutionId}") { status } }`, {}, instance)
    return (solution as { status: string }).status
  }
  let stale = 0
  const stop = new AbortController()
  // Reads that are under way all the time, so that some have begun before each write and end after it.
  const readers = [0, 1, 2].map(async (instance) => {
    while (!stop.signal.aborted) await statusAt(instance)
  })
  for (let round = 0; round < rounds; round++) {
    const [field, appId, status] =
      round % 2 === 0
        ? ['requestSolutionDeactivation', socialOverdrive, 'PENDING_DEACTIVATION']
        : ['rejectSolutionDeactivation', luckyShrub, 'ACTIVE']
    await play.mutate(field, { solutionId, appId }, round % 3)
    const seen = await Promise.all([0, 1, 2].map(statusAt))
    stale += seen.filter((is) => is !== status).length
  }
  stop.abort()
  await Promise.all(readers)
  return stale
}

describe('what one instance has changed', () => {
  it.each(verbs.map((verb) => [nameOf(verb), verb]))(
    'is seen through another at once, although its memory held what was before: %s',
    async (_, { field, prepare }) => {
      const play = await startThree(await withoutNotifications())
      const inputOf = await prepare(play)
      const input = await inputOf(0)
      const question = questionAbout(input)
      await holdWebhooks(play)
      for (let time = 0; time < 2; time++) await play.post(question, {}, 1)
      const done = await play.mutate(field, input, 0)
      expect(done['__typename']).toMatch(/Payload$/)
      const seen = await play.post(question, {}, 1)
      // The third has nothing in memory.
      expect(seen.data).toEqual((await play.post(question, {}, 2)).data)
    },
  )

  it.each(
    ['createSolution', 'acceptSolution', 'shareCreditLine', 'addPhoneNumber'].map((field) => [
      field,
      verbs.find((verb) => verb.field === field),
    ]),
  )('is seen as well when nobody can say whether it was done: %s', async (_, verb) => {
    if (!verb) throw new Error('There is no such write')
    const play = await startThree(await withoutNotifications(), {}, 1_000)
    const inputOf = await verb.prepare(play)
    const input = await inputOf(0)
    const question = questionAbout(input)
    await holdWebhooks(play)
    for (let time = 0; time < 2; time++) await play.post(question, {}, 1)
    const { name, method, path } = verb.routes.at(-1) ?? verb.routes[0]
    await play.control.faults({ method, path, times: 1, kind: 'hang', done: true })
    const before = (await play.writes())[name] ?? 0
    const answer = play.mutate(verb.field, input, 0)
    await until(async () => ((await play.writes())[name] ?? 0) > before)
    await play.control.faults(
      { method: 'GET', path: '/', kind: 'error', code: 2 },
      { path: '^/$', kind: 'error', code: 2 },
    )
    expect(await answer).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    await play.control.faults()
    const seen = await play.post(question, {}, 1)
    expect(seen.data).toEqual((await play.post(question, {}, 2)).data)
  })

  it.each([
    ['while notifications come', emptyDatabase],
    ['while none does', withoutNotifications],
  ])('is never seen as it was before, however busy readers are: %s', async (_, store) => {
    expect(await countStale(await startThree(await store()), 20)).toBe(0)
  })

  it.skipIf(whyWithoutPgbouncer !== '')(
    `is never seen as it was before: through pgbouncer in transaction mode${whyWithoutPgbouncer}`,
    async () => {
      expect(await countStale(await startThree(await emptyPooledDatabase()), 20)).toBe(0)
    },
  )

  it('is never seen as it was before, while the connections for notifications break again and again', async () => {
    const url = await emptyDatabase()
    const play = await startThree(url)
    const stop = new AbortController()
    const cutting = cutAllTheTime(url, stop.signal)
    expect(await countStale(play, 20)).toBe(0)
    stop.abort()
    await cutting
  })

  it('is seen by an instance that does not ask the store when that has heard of it', async () => {
    const play = await startThree(await withoutNotifications(), { checksMemory: false })
    const { waba_id: wabaId } = await play.customer(await play.solution('Together'))
    expect(await isSubscribed(play, wabaId, 1)).toBe(false)
    await play.mutate('subscribeAppToWaba', { wabaId, appId: luckyShrub }, 0)
    await expect.poll(() => isSubscribed(play, wabaId, 1)).toBe(true)
  })
})

describe('an instance whose store says nothing', () => {
  it('answers from memory with what Graph has just said, says so, and is up to date when the store is back', async () => {
    const play = await startThree(await emptyDatabase())
    const wire = await wireTo(play.config.databaseUrl)
    const cutOff = await startGateway({ ...play.config, databaseUrl: wire.url })
    onTestFinished(() => cutOff.close())
    play.urls.push(cutOff.url)
    const { waba_id: wabaId } = await play.customer(await play.solution('Together'))
    const question = `{ clientWaba(id: "${wabaId}") { webhookSubscription { subscribed } } }`
    const metrics = async () => (await fetch(`${cutOff.url}/metrics`)).text()
    const look = async (question: string) => {
      const answer: Awaited<ReturnType<Play['post']>> & { extensions?: Json } = await play.post(
        question,
        {},
        3,
      )
      const { clientWaba } = answer.data as { clientWaba: { webhookSubscription: { subscribed: boolean } } }
      return { ...clientWaba.webhookSubscription, ...(answer.extensions?.['graph'] as object) }
    }
    await look(question)
    expect(await look(question)).toEqual({ subscribed: false, requests: 0, units: 0, cached: 2 })
    wire.silence()
    await play.mutate('subscribeAppToWaba', { wabaId, appId: luckyShrub }, 0)
    // It may be as it was, or read anew where that took long: never both old and not said.
    const seen = await look(question)
    expect(seen.subscribed || 'unchecked' in seen).toBe(true)
    expect(await metrics()).toMatch(/^mps_memory_checks_total\{result="unchecked"\} [1-9]/m)
    // As a whole, an answer that could not be checked is given to nobody else.
    const held = /^mps_memory_entries\{kind="answers"\} \d+$/m
    const before = held.exec(await metrics())?.[0]
    await look(`${question} # asked otherwise`)
    expect(held.exec(await metrics())?.[0]).toBe(before)
    wire.restore()
    await until(async () => !('unchecked' in (await look(question))))
    expect(await isSubscribed(play, wabaId, 3)).toBe(true)
  })
})
