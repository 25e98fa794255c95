import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Cursors } from '../../../src/events/cursor.ts'
import { fromGlobalId, toGlobalId, type GlobalType } from '../../../src/graphql/ids.ts'
import { beginning, markOf, readPosition, writePosition } from '../../../src/reads/list-position.ts'
import { emptyDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { creditLine, luckyShrub, Play, socialOverdrive, type Json } from '../../writes/support/play.ts'
import { verbs } from '../../writes/support/verbs.ts'
import { bySql } from './support/by-sql.ts'

/*
 * What clients keep and bring back to an instance of another release. What stands here was given out by this one, and every
 * later one reads it so: a new format is another length, name or shape beside the old one.
 */

describe('a cursor of the event log', () => {
  const cursors = new Cursors('0123456789abcdef', 'a key of the store')

  it.each([
    [0, 'ASNFZ4mrze8AAAAAAABsi5-7WMG_KQ'],
    [7, 'ASNFZ4mrze8AAAAAAAdVEETEEjKmsg'],
    [2 ** 48 - 1, 'ASNFZ4mrze________8gd8FYF8TlCA'],
  ])('is what every release makes of position %i', (seq, cursor) => {
    expect(cursors.encode(seq)).toBe(cursor)
    expect(cursors.decode(cursor)).toEqual({ seq })
  })
})

describe('a global id', () => {
  const ids: Record<GlobalType, readonly [text: string, key: string, appId: string | null]> = {
    App: ['App:1@2', '1', '2'],
    Solution: ['Solution:1@2', '1', '2'],
    ClientWaba: ['ClientWaba:1@2', '1', '2'],
    Business: ['Business:1@2', '1', '2'],
    PhoneNumber: ['PhoneNumber:1@2', '1', '2'],
    CreditLine: ['CreditLine:1@2', '1', '2'],
    CreditAllocation: ['CreditAllocation:1@2', '1', '2'],
    DeadLetter: ['DeadLetter:1@2', '1', '2'],
    Partner: ['Partner:1:3@2', '1:3', '2'],
    SolutionEvent: ['SolutionEvent:1', '1', null],
    ClientWabaEvent: ['ClientWabaEvent:1', '1', null],
    AccountAlertEvent: ['AccountAlertEvent:1', '1', null],
    SignupSessionEvent: ['SignupSessionEvent:1', '1', null],
    CreditEvent: ['CreditEvent:1', '1', null],
    OtherEvent: ['OtherEvent:1', '1', null],
  }

  it.each(Object.entries(ids))('is what every release makes of a %s', (name, [text, key, appId]) => {
    const type = name as GlobalType
    const id = Buffer.from(text).toString('base64url')
    expect(toGlobalId(type, key, appId)).toBe(id)
    expect(fromGlobalId(id)).toEqual({ type, key, appId })
  })
})

it('leases have the names by which every release knows whose turn it is', async () => {
  const play = await Play.begin({
    databaseUrl: await emptyDatabase(),
    overrides: { reconcileSeconds: 60, autoOnboard: { subscribe: true, creditCurrency: null } },
  })
  onTestFinished(() => play.close())
  // Intents are followed where there is one.
  const intent = verbs.find(({ field }) => field === 'setSolutionMigrationIntent')
  if (intent) await play.mutate(intent.field, await (await intent.prepare(play))(0))
  const known = ['auto-onboard', 'instance #', 'migrations', 'reconcile']
  // One is there while somebody holds it.
  const seen = new Set<string>()
  await until(async () => {
    const rows = await bySql(play.config.databaseUrl, 'SELECT name FROM leases')
    for (const { name } of rows) seen.add(String(name).replace(/[0-9a-f-]{36}/, '#'))
    return seen.size >= known.length
  })
  expect([...seen].toSorted()).toEqual(known)
})

describe('a cursor of a list of Graph', () => {
  const position = { page: 'QVFI', passed: 2, rows: ['11', '12'], ahead: ['13'] }
  const cursor = Buffer.from('2:QkR6obmA:11.12:13:QVFI').toString('base64url')

  it('is what every release makes of a place in a list', () => {
    const mark = markOf('["1","solutions"]')
    expect(mark).toBe('QkR6obmA')
    expect(writePosition(mark, position)).toBe(cursor)
    expect(readPosition(mark, cursor)).toEqual(position)
    expect(readPosition(mark, writePosition(mark, { ...beginning, passed: null, rows: ['1'] }))).toEqual({
      ...beginning,
      passed: null,
      rows: ['1'],
    })
  })
})

/** What each list is called in its cursors: by its address at Graph, with its filter and its order. */
describe('the cursors of each list name it as every release does:', () => {
  const page = '{ edges { cursor } }'
  const filter = 'createdAfter: "2020-01-01T00:00:00Z", createdBefore: "2040-01-01T00:00:00Z"'
  const query = `query ($solution: ID!, $waba: ID!) {
    apps {
      all: solutions ${page} owned: solutions(role: OWNER) ${page} accounts: clientWabas ${page}
      filtered: clientWabas(${filter}, sort: CREATION_TIME_DESCENDING) ${page}
      creditLines { allocations(first: 1) { edges { cursor node { hit: clientWabas(first: 1) ${page} } } } }
    }
    solution(id: $solution) { partners ${page} }
    clientWaba(id: $waba) { phoneNumbers ${page} solutions ${page} }
  }`
  /** The edge, and its query, by the path in the answer. */
  const names: Readonly<Record<string, string>> = {
    'apps.1.all': '[["{app}","whatsapp_business_solutions"],{}]',
    'apps.1.owned': '[["{app}","whatsapp_business_solutions"],{"role":"OWNER"}]',
    'apps.1.accounts': '[["{business}","client_whatsapp_business_accounts"],{}]',
    'apps.1.filtered': String.raw`[["{business}","client_whatsapp_business_accounts"],{"sort":"creation_time_descending","filtering":"[{\"field\":\"creation_time\",\"operator\":\"GREATER_THAN\",\"value\":\"1577836800\"},{\"field\":\"creation_time\",\"operator\":\"LESS_THAN\",\"value\":\"2208988800\"}]"}]`,
    'apps.0.creditLines.0.allocations': `[["${creditLine}","owning_credit_allocation_configs"],{}]`,
    'apps.0.creditLines.0.allocations.edges.0.node.hit': 'accounts that allocation {allocation} hits',
    'solution.partners': '[["{solution}","partners"],{}]',
    'clientWaba.phoneNumbers': '[["{waba}","phone_numbers"],{}]',
    'clientWaba.solutions': '[["{waba}","solutions"],{}]',
  }
  let play: Play
  let answer: Json
  let ids: Readonly<Record<string, string>>

  beforeAll(async () => {
    play = await Play.begin()
    const solution = await play.solution('Together')
    const { waba_id: waba } = await play.customer(solution)
    await play.mutate('shareCreditLine', {
      wabaId: waba,
      appId: luckyShrub,
      currency: 'USD',
      addSystemUser: true,
    })
    answer = await play.ask(query, { solution, waba })
    const { apps, allocations } = play.sim.state()
    const business = apps.find(({ appId }) => appId === socialOverdrive)?.businessId ?? ''
    ids = { app: socialOverdrive, business, solution, waba, allocation: allocations[0]?.id ?? '' }
  })
  afterAll(() => play.close())

  it.each(Object.entries(names))('%s', (path, name) => {
    const list = at(answer, path.split('.')) as { readonly edges: readonly { readonly cursor: string }[] }
    const [, mark] = Buffer.from(list.edges[0]?.cursor ?? '', 'base64url')
      .toString()
      .split(':')
    expect(mark).toBe(markOf(name.replaceAll(/\{(\w+)\}/g, (text, key: string) => ids[key] ?? text)))
  })
})

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inside, name) => (inside as Json)[name], value)
