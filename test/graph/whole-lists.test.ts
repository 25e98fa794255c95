import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { execute, parse, type ExecutionResult } from 'graphql'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { lookAtSubscription, readSubscription } from '../../src/accounts/subscription.ts'
import { schema } from '../../src/api/schema.ts'
import type { Ctx } from '../../src/context.ts'
import { creditLinesOf, listActive } from '../../src/credit/lines.ts'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { listSubscriptions } from '../../src/graph/endpoints/subscriptions.ts'
import { asGraphError, GraphError } from '../../src/graph/error.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { toGlobalId } from '../../src/graphql/ids.ts'
import { lookAtNumbers } from '../../src/phone-numbers/numbers.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { SubscriptionCheck } from '../../src/reconcile/accounts.ts'
import { PacedReads, readEveryPage } from '../../src/reconcile/paced-reads.ts'
import { findSolutionsLike } from '../../src/solutions/create.ts'
import { findInvitation } from '../../src/solutions/find-invitation.ts'
import { listPicked } from '../../src/solutions/picked-apps.ts'
import { tasksOf } from '../../src/system-users/assign-user.ts'
import { usersOn } from '../../src/system-users/system-users.ts'
import { ChangingList } from '../reads/support/changing-list.ts'
import { appWith, signal } from '../reads/support/graph.ts'
import { root, sourceFiles } from '../support/repository.ts'

const app = appWith('1')
const account = { app, wabaId: '5', customer: null, isOwn: false }

/** A row that all of these lists can have, so that each takes it for one of its own. */
const rowOf = (id: string) => ({
  id,
  name: id === target ? 'Together' : 'Another',
  status: 'INITIATED',
  owner_app: { id: '2' },
  partners: { data: [{ partner_app: { id: '2' } }], after: null },
  whatsapp_business_api_data: { id },
  receiving_business: { id: '55' },
  request_status: 'ACTIVE',
  legal_entity_name: 'Legal',
  tasks: ['MANAGE'],
})
/** The last row of the list when it is read first. */
const target = '1249'

type Node = Readonly<Record<string, unknown>>
const node: Node = { status_for_pending_request: 'NONE', message_template_namespace: 'namespace' }

function contextOver(list: ChangingList): Ctx {
  const answer = async ({ path: [id, edge], query }: Endpoint<unknown>): Promise<unknown> => {
    if (edge === undefined) return { ...node, id }
    const page = await list.fetch(Number(query?.['limit'] ?? 25), query?.['after'] ?? null)
    return { ...page, data: page.data.map((row) => rowOf(row.id)) }
  }
  const outcome = async (endpoint: Endpoint<unknown>) =>
    answer(endpoint).then(
      (value) => ({ value }),
      (error: unknown) => ({ error: asGraphError(error) }),
    )
  const graph = {
    call: answer,
    readAll: async (reads: readonly { endpoint: Endpoint<unknown> }[]) =>
      Promise.all(reads.map(({ endpoint }) => outcome(endpoint))),
  } as unknown as Graph
  const reads = new Reads(graph, new ReadMemory(), { signal })
  const actor = { kind: 'OPERATOR', apps: [app] }
  const log = { onboarding: async () => null }
  return {
    actor,
    apps: [app],
    graph,
    reads,
    signal,
    log,
    logger: pino({ level: 'silent' }),
  } as unknown as Ctx
}

async function run(contextValue: Ctx, query: string): Promise<unknown> {
  const result = (await execute({ schema, document: parse(query), contextValue })) as ExecutionResult
  const [error] = result.errors ?? []
  if (error) throw error.originalError ?? error
  return result.data
}

const pacedOver = ({ graph }: Ctx): PacedReads =>
  new PacedReads({ graph, memory: new ReadMemory(), app, pauseMs: 0, signal, lease: heldForEver })
const heldForEver = { isHeld: () => true } as never
const wanted = { ...app, appId: target }
const look = { app, name: 'Together' }

/** Throws what the comparison with Graph says in its findings. */
const every = async (ctx: Ctx): Promise<unknown> => {
  const { rows, error } = await readEveryPage((after) => pacedOver(ctx).read(listSubscriptions('1', after)))
  if (error) throw error
  return rows
}

async function checkSubscription(ctx: Ctx): Promise<unknown> {
  const check = new SubscriptionCheck(0)
  check.begin(0, [{ id: '5', showsSubscription: false }])
  const { having, error } = await check.next(pacedOver(ctx), wanted)
  if (error) throw error
  return having.length > 0 ? target : null
}

/** Whoever reads a list as a whole: by file, what is found there of a list whose last row is the target. */
const readers: Readonly<Record<string, readonly ((ctx: Ctx) => Promise<unknown>)[]>> = {
  'accounts/client-waba.graphql.ts': [
    (ctx) => run(ctx, '{ clientWaba(id: "5") { subscribedApps { appId } } }'),
  ],
  'accounts/subscription.ts': [
    async (ctx) => ((await lookAtSubscription(ctx, { ...account, app: wanted })).subscribed ? target : null),
    async ({ reads }) =>
      (await readSubscription(reads, { ...account, app: wanted })).subscribed ? target : null,
  ],
  'api/node-queries.ts': [
    (ctx) =>
      run(ctx, `{ node(id: "${toGlobalId('Partner', `7:${target}`)}") { id ... on Partner { partnerId } } }`),
  ],
  'credit/lines.ts': [
    async (ctx) => (await creditLinesOf(ctx, app)).map(({ id }) => id),
    (ctx) => listActive(ctx, app, '6', '55'),
  ],
  'phone-numbers/numbers.ts': [(ctx) => lookAtNumbers(ctx, account)],
  'reconcile/accounts.ts': [every, checkSubscription],
  'reconcile/reconciler.ts': [every, every],
  'solutions/create.ts': [(ctx) => findSolutionsLike(ctx, { ...look, partnerAppId: '2' })],
  'solutions/find-invitation.ts': [
    (ctx) => findInvitation(ctx, { ...look, ownerAppId: '2', messaging: 'PARTNER' }),
  ],
  'solutions/picked-apps.ts': [(ctx) => listPicked(ctx, { app, userToken: 'token' })],
  'system-users/assign-user.ts': [async (ctx) => ((await tasksOf(ctx, account, target)) ? target : null)],
  'system-users/system-users.ts': [(ctx) => usersOn(ctx, { app }, '5')],
}
const each = Object.entries(readers).flatMap(([file, ofFile]) =>
  ofFile.map((read, index) => [`${file}, ${index + 1}`, read] as const),
)

/** A list of three pages or more, and what happens before each page of it is read. */
function listOf(happen: (list: ChangingList, page: number) => void): ChangingList {
  const list = new ChangingList(250, 'until any change')
  const fetch = list.fetch
  let page = 0
  return Object.assign(list, {
    fetch: async (limit: number, after: string | null) => {
      happen(list, ++page)
      return fetch(limit, after)
    },
  })
}

describe('whoever reads a list of Graph as a whole', () => {
  it('has an entry here', () => {
    const found = sourceFiles('src')
      .map((path) => [relative(`${root}src`, path), readFileSync(path, 'utf8')] as const)
      .filter(([path]) => !path.startsWith('simulator/') && path !== 'graph/paging.ts')
      .map(
        ([path, text]) =>
          [path, text.match(/(?<!function )\b(?:listAll|listWhole|readEveryPage)[(<]/g)] as const,
      )
      .filter(([, calls]) => calls !== null)
      .map(([path, calls]) => [path, calls?.length])
    const known = Object.entries(readers).map(([path, ofFile]) => [path, ofFile.length])
    expect(Object.fromEntries(found), 'Say in this test how the list is read').toEqual(
      Object.fromEntries(known),
    )
  })

  it.each(each)('begins it again when it has changed, and finds what is at its end: %s', async (_, read) => {
    const list = listOf((rows, page) => {
      if (page === 2 || page === 4) rows.insert(0)
    })
    expect(JSON.stringify(await read(contextOver(list)))).toContain(target)
  })

  it.each(each)(
    'says to ask again when it changes each time, and never that a cursor is bad: %s',
    async (_, read) => {
      const list = listOf((rows) => rows.insert(0))
      const outcome = await read(contextOver(list)).catch((error: unknown) => error)
      // Before a solution is created, the list only helps to tell later what came of it.
      if (!(outcome instanceof GraphError)) return expect(outcome).toMatchObject({ complete: false })
      expect(outcome).toMatchObject({ transient: true, kind: 'unavailable' })
      expect(outcome.message).toMatch(/changed each/)
    },
  )
})
