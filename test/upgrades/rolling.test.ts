import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChild, type Child } from '../support/child.ts'
import { watchByWs } from '../support/clients.ts'
import { WatchEventsDocument } from '../support/operations.ts'
import { emptyDatabase, query } from '../support/postgres.ts'
import { luckyShrub, Play, socialOverdrive, type Json } from '../writes/support/play.ts'
import { makeNextRelease } from './support/next-release.ts'

const older = 0
const newer = 1

/** A rolling upgrade as it is run: the story goes from one test to the next. */
describe('while this release and the next serve from one PostgreSQL', () => {
  const release = makeNextRelease()
  const children: Child[] = []
  let play: Play

  async function start(program?: string): Promise<string> {
    const child = startChild(play.environment(), program)
    children.push(child)
    const [, url = ''] = await child.says(/(http:\S+)\/graphql/)
    return url
  }
  async function stop(child: Child | undefined): Promise<void> {
    child?.process.kill('SIGTERM')
    await child?.ended
  }

  const invitation = {
    appId: socialOverdrive,
    partnerAppId: luckyShrub,
    name: 'Together',
    messaging: 'PARTNER',
    idempotencyKey: 'invite',
  }
  let solutionId: string
  const acceptance = () => ({ solutionId, appId: luckyShrub, idempotencyKey: 'accept' })

  interface Solutions {
    readonly edges: readonly unknown[]
    readonly pageInfo: { readonly endCursor: string }
  }
  interface Page {
    readonly edges: readonly { readonly cursor: string; readonly node: Json }[]
  }
  async function events(instance: number, after: string | null = null): Promise<Page['edges']> {
    const text = `query ($after: String) { events(first: 100, after: $after) { edges {
      cursor node { id kind appId } } } }`
    return ((await play.ask(text, { after }, instance))['events'] as Page).edges
  }

  beforeAll(async () => {
    play = await Play.begin({ databaseUrl: await emptyDatabase(), overrides: { logLevel: 'warn' } })
    await play.closeGateways()
    play.urls.push(await start())
    const created = await play.mutate('createSolution', invitation, older)
    ;({ solutionId } = created['solution'] as { solutionId: string })
    play.urls.push(await start(release.program))
  })
  afterAll(async () => {
    for (const child of children) await stop(child)
    await play.close()
    release.remove()
  })

  it('the store has been brought to the version of the next, under the one that runs', async () => {
    const version = 'SELECT max(version) AS version, count(*)::integer AS count FROM schema_version'
    const [row] = await query(play.config.databaseUrl, version)
    expect(row?.['version']).toBe(row?.['count'])
    expect(await query(play.config.databaseUrl, 'SELECT note FROM events')).not.toEqual([])
  })

  it('a key that one has begun has the same outcome at the other, and nothing is sent again', async () => {
    await play.control.forgetRequests()
    const again = await play.mutate('createSolution', invitation, newer)
    expect(again['solution']).toMatchObject({ solutionId })
    expect(await play.writes()).toEqual({})

    const accepted = await play.mutate('acceptSolution', acceptance(), newer)
    expect(accepted).toMatchObject({ __typename: 'SolutionActionPayload' })
    await play.control.forgetRequests()
    expect(await play.mutate('acceptSolution', acceptance(), older)).toEqual(accepted)
    expect(await play.writes()).toEqual({})
    const other = { ...acceptance(), solutionId: await play.solution('Another', false) }
    for (const instance of [older, newer])
      expect(await play.mutate('acceptSolution', other, instance)).toMatchObject({ code: 'CONFLICT' })
  })

  it('a write that both are asked for at once is sent once', async () => {
    const input = { ...invitation, name: 'At once', idempotencyKey: 'at once' }
    await play.control.forgetRequests()
    const answers = await Promise.all(
      [older, newer, older, newer].map((instance) => play.mutate('createSolution', input, instance)),
    )
    const ids = answers.map(({ solution }) => (solution as { solutionId: string }).solutionId)
    expect(new Set(ids).size).toBe(1)
    expect(Object.values(await play.writes())).toEqual([1])
  })

  it.each([
    ['older', older, newer],
    ['newer', newer, older],
  ])('a write of which the %s one has lost the answer is found by the other', async (name, first, second) => {
    const input = { ...invitation, name: `Lost by the ${name}`, idempotencyKey: `lost by the ${name}` }
    await play.control.forgetRequests()
    await play.control.faults(
      { method: 'POST', path: 'whatsapp_business_solution', kind: 'lostReply', times: 1 },
      // The first reading is before it is sent, the look after it fails.
      { method: 'GET', path: 'whatsapp_business_solutions', kind: 'error', code: 10, status: 403, after: 1 },
    )
    expect(await play.mutate('createSolution', input, first)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    await play.control.faults()
    expect(await play.mutate('createSolution', input, second)).toMatchObject({
      solution: { solutionId: expect.any(String) as unknown },
    })
    expect(Object.values(await play.writes())).toEqual([1])
  })

  it('both have the same events, and a cursor of one goes on at the other', async () => {
    const [atOld, atNew] = [await events(older), await events(newer)]
    expect(atNew.length).toBeGreaterThan(2)
    expect(atOld.map(({ cursor }) => cursor)).toEqual(atNew.map(({ cursor }) => cursor))
    for (const [index, { cursor }] of atNew.entries()) {
      expect(await events(older, cursor)).toEqual(atOld.slice(index + 1))
      expect(await events(newer, cursor)).toEqual(atNew.slice(index + 1))
    }
  })

  it('a stream that broke off at one goes on at the other', async () => {
    const expected = (await events(older)).map(({ cursor }) => cursor)
    let after = expected[0] ?? null
    const seen = [after]
    for (let turn = 0; seen.length < expected.length; turn++) {
      const watch = await watchByWs(play.urls[turn % 2] ?? '', WatchEventsDocument, { after })
      const { data } = await watch.inbox.next()
      watch.stop()
      expect(data?.events).toHaveProperty('cursor')
      after = (data as { readonly events: { readonly cursor: string } }).events.cursor
      seen.push(after)
    }
    expect(seen).toEqual(expected)
  })

  it('the older one tells a kind that it does not know as OTHER, and takes the id that the newer one gave', async () => {
    const answered = (await events(newer)).find(({ node }) => node['kind'] === 'SOLUTION_ANSWERED')
    const told = (await events(older)).find(({ cursor }) => cursor === answered?.cursor)
    expect(told?.node).toMatchObject({ kind: 'OTHER' })
    const node = `query ($id: ID!) { node(id: $id) { ... on Event { cursor kind } } }`
    for (const id of [answered?.node['id'], told?.node['id']])
      for (const [instance, kind] of [
        [older, 'OTHER'],
        [newer, 'SOLUTION_ANSWERED'],
      ] as const)
        expect(await play.ask(node, { id }, instance)).toEqual({ node: { cursor: answered?.cursor, kind } })
  })

  it('a place in a list of Graph that one gave is taken by the other', async () => {
    const list = `query ($app: ID!, $after: String) { node(id: $app) { ... on App {
      solutions(first: 1, after: $after) { edges { node { name } } pageInfo { endCursor } } } } }`
    const app = Buffer.from(`App:${socialOverdrive}@${socialOverdrive}`).toString('base64url')
    const pageAt = async (instance: number, after: string | null = null) => {
      const { node } = (await play.ask(list, { app, after }, instance)) as { node: { solutions: Solutions } }
      return node.solutions
    }
    const first = await pageAt(older)
    const second = await pageAt(newer, first.pageInfo.endCursor)
    expect(second.edges).toHaveLength(1)
    expect(second).toEqual(await pageAt(older, first.pageInfo.endCursor))
    expect(second.edges).not.toEqual(first.edges)
  })

  it('a rollback goes on with what the next has left', async () => {
    const before = await events(newer)
    await Promise.all(children.map(stop))
    play.urls.splice(0, 2, await start())
    await children.at(-1)?.says(/a newer release has brought the store up to date/)
    expect((await events(older)).map(({ cursor }) => cursor)).toEqual(before.map(({ cursor }) => cursor))
    await play.control.forgetRequests()
    expect(await play.mutate('acceptSolution', acceptance())).toMatchObject({
      __typename: 'SolutionActionPayload',
    })
    expect(await play.writes()).toEqual({})
    await play.mutate('requestSolutionDeactivation', { solutionId, appId: socialOverdrive })
    expect((await events(older)).length).toBeGreaterThan(before.length)
  })
})
