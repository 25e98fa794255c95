import { describe, expect, it } from 'vitest'
import { eventKinds, type EventKind } from '../../../src/events/kinds.ts'
import { eventSources } from '../../../src/events/event.ts'
import { startTestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'
import { anEvent, everything } from '../support/events.ts'
import { opened, storeKinds } from '../support/stores.ts'
import { bySql } from './support/by-sql.ts'

const aKind = 'NUMBER_MOVED'
const aSource = 'OPERATOR'

describe.each(storeKinds)('an event of a newer release in $name', (kind) => {
  async function withNewer() {
    const url = await kind.place()
    const { log, close } = await opened(url)
    await log.append([anEvent({ dedupeKey: 'new kind' }), anEvent({ kind: 'OTHER' }), anEvent()])
    await log.append([anEvent({ dedupeKey: 'new source', kind: 'OTHER' })])
    await bySql(url, `UPDATE events SET kind = '${aKind}' WHERE dedupe_key = 'new kind'`)
    await bySql(url, `UPDATE events SET source = '${aSource}' WHERE dedupe_key = 'new source'`)
    await close()
    return (await opened(url)).log
  }

  it('of a kind that this one does not know is one of OTHER, wherever it is asked for', async () => {
    const log = await withNewer()
    const of = async (...kinds: EventKind[]) => {
      const { events } = await log.readAfter(0, { ...everything, kinds }, 10)
      return events.map(({ seq, kind }) => [seq, kind])
    }
    const others = [
      [1, 'OTHER'],
      [2, 'OTHER'],
      [4, 'OTHER'],
    ]
    expect(await of('OTHER')).toEqual(others)
    expect(await of('SOLUTION_UPDATED')).toEqual([[3, 'SOLUTION_UPDATED']])
    expect(await of('OTHER', 'CREDIT_SHARED')).toEqual(others)
    expect(await of(...eventKinds)).toHaveLength(4)
  })

  it('from a source that this one does not know is one of its own', async () => {
    const log = await withNewer()
    const ours = await log.readAfter(0, { ...everything, sources: ['GATEWAY'] }, 10)
    expect(ours.events.map(({ seq, source }) => [seq, source])).toEqual([[4, 'GATEWAY']])
    expect((await log.readAfter(0, { ...everything, sources: ['WEBHOOK'] }, 10)).events).toHaveLength(3)
    expect((await log.readAfter(0, { ...everything, sources: eventSources }, 10)).events).toHaveLength(4)
  })
})

const unknown = { state: 'A_NEW_ONE', new: [{ member: 1 }], at: '2031-01-01' }
const audit = {
  verb: 'a_new_verb',
  actingAppId: '1',
  actor: 'A_NEW_ACTOR',
  object: 'thing:1',
  outcome: 'DONE',
  problem: null,
  graphTraceId: null,
  before: unknown,
  after: { allocationId: '5', ...unknown },
  ...unknown,
}
const session = {
  event: 'FINISH_AGAIN',
  wabaIds: ['7'],
  step: null,
  errorCode: null,
  sessionId: null,
  at: null,
}
const rows = [
  ...eventKinds.map((kind) => ({ kind, source: 'GATEWAY' as const, payload: JSON.stringify(audit) })),
  ...eventKinds
    .filter((kind) => kind !== 'SIGNUP_SESSION')
    .flatMap((kind) =>
      (['WEBHOOK', 'RECONCILED'] as const).map((source) => ({
        kind,
        source,
        payload: JSON.stringify({ event: 'A_NEW_EVENT', ...unknown }),
      })),
    ),
  {
    kind: 'OTHER' as const,
    source: 'GATEWAY' as const,
    payload: JSON.stringify({ ...audit, outcome: 'HALF_DONE' }),
  },
].map((row) =>
  anEvent({
    wabaId: '1',
    solutionId: '2',
    ownerBusinessId: '3',
    reportedStatus: 'A_NEW_STATUS',
    event: 'A_NEW_EVENT',
    field: 'a_new_field',
    ...row,
    ...(row.kind === 'SIGNUP_SESSION' && {
      payload: JSON.stringify({ ...session, outcome: 'POSTPONED', ...unknown }),
    }),
  }),
)

const query = `{ events(last: 100) { edges { node {
  __typename id cursor kind source severity waitsFor
  write { actor action outcome problem graphCode before after }
  ... on SolutionEvent { solutionId reportedStatus }
  ... on ClientWabaEvent { event details }
  ... on AccountAlertEvent { field code alertStatus subject { type metaId } text nameReview { decision } }
  ... on SignupSessionEvent { outcome sessionEvent step errorCode advice wabaIds coexistence }
  ... on CreditEvent { allocationId receivingBusinessId }
  ... on OtherEvent { field payload }
} } } }`

interface Answer {
  readonly errors?: readonly unknown[]
  readonly data: {
    readonly events: {
      readonly edges: readonly {
        readonly node: { readonly __typename: string; readonly id: string; readonly [name: string]: unknown }
      }[]
    }
  }
}

describe('a gateway on what a newer release has stored', () => {
  it('shows each event, of its kind or as OTHER, with what it knows of it', async () => {
    await using gateway = await startTestGateway()
    const { databaseUrl, apps } = gateway.config
    const { log } = await opened(databaseUrl)
    const before = await log.head()
    await log.append(rows.map((row) => ({ ...row, appId: apps[0].appId })))
    await bySql(databaseUrl, `UPDATE events SET kind = '${aKind}' WHERE seq = ${before + 1}`)
    const answer = (await graphql(gateway.url, query)) as unknown as Answer
    expect(answer.errors).toBeUndefined()
    const nodes = answer.data.events.edges.map(({ node }) => node)
    expect(nodes.slice(-rows.length)).toHaveLength(rows.length)
    expect(nodes.at(-rows.length)).toMatchObject({
      kind: 'OTHER',
      source: 'GATEWAY',
      write: { outcome: 'DONE' },
    })
    expect(nodes.find(({ kind }) => kind === 'SIGNUP_SESSION')).toMatchObject({ outcome: 'UNKNOWN' })
    expect(nodes.at(-1)).toMatchObject({ write: null, payload: { outcome: 'HALF_DONE' } })
  })

  it('shows a dead letter whatever its reason is, without the words of an error', async () => {
    await using gateway = await startTestGateway()
    const { databaseUrl, apps } = gateway.config
    const { deadLetters } = await opened(databaseUrl)
    const letter = { receivedAt: Date.now(), raw: Buffer.from('{}'), size: 2, fingerprint: 'x' }
    await deadLetters.add([{ ...letter, appId: apps[0].appId, reason: 'a reason of 2031: it rained' }])
    const answer = await graphql(gateway.url, '{ deadLetters { edges { node { reason } } } }')
    expect(answer).toMatchObject({
      data: { deadLetters: { edges: [{ node: { reason: 'a reason of 2031' } }] } },
    })
  })
})
