import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import { createYoga } from 'graphql-yoga'
import { beforeEach, describe, expect, it } from 'vitest'
import { EventStream } from '../../../src/feed/stream-item.graphql.ts'
import type { Actor } from '../../../src/access/authenticate.ts'
import type { StoredEvent } from '../../../src/events/event.ts'
import type { EventLog } from '../../../src/events/log.ts'
import { useBroadcasts } from '../../../src/http/broadcast/plugin.ts'
import { anEvent } from '../../events/support/events.ts'
import { fresh } from '../../events/support/fresh.ts'
import { implementations } from '../../events/support/implementations.ts'
import { take } from '../../events/support/take.ts'

/** How often an event was executed. */
let executions = 0
let masked = 0
let log: EventLog
let yoga: ReturnType<typeof createTestYoga>

interface Context {
  readonly actor: Actor
  readonly log: EventLog
  readonly signal: AbortSignal
}
const item = new GraphQLObjectType<StoredEvent, Context>({
  name: 'Item',
  fields: {
    seq: {
      type: GraphQLInt,
      resolve: ({ seq }) => {
        executions++
        return seq
      },
    },
    said: {
      type: GraphQLString,
      args: { what: { type: GraphQLString } },
      resolve: (_, { what }) => String(what),
    },
    repeated: {
      type: GraphQLInt,
      args: { number: { type: GraphQLInt } },
      resolve: (_, { number }) => Number(number),
    },
    isGone: { type: GraphQLBoolean, resolve: (_, __, { signal }) => signal.aborted },
    later: { type: GraphQLInt, resolve: async ({ seq }) => Promise.resolve(seq) },
    broken: { type: GraphQLInt, resolve: () => Promise.reject(new Error('a secret')) },
  },
})
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { seq: { type: GraphQLInt } } }),
  subscription: new GraphQLObjectType<unknown, Context>({
    name: 'Subscription',
    fields: {
      events: {
        type: item,
        args: { after: { type: GraphQLInt } },
        subscribe: (_, { after }, { actor }) =>
          new EventStream(
            { appIds: actor.apps.map(({ appId }) => appId) },
            (after as number | undefined) ?? 0,
            0,
          ),
        resolve: (event) => event,
      },
    },
  }),
})

const mask = (): Error => {
  masked++
  return new GraphQLError('Unexpected error.', { extensions: { code: 'INTERNAL_SERVER_ERROR' } })
}

function createTestYoga() {
  const shared = {
    log,
    eventReads: { of: () => null },
    heartbeatMs: 60_000,
    clock: Date.now,
    draining: new AbortController().signal,
  }
  const context = (initial: object) => ({
    ...initial,
    ...shared,
    streamPosition: { resumeFrom: null, cursor: null },
  })
  return createYoga({
    schema,
    logging: false,
    maskedErrors: false,
    context,
    plugins: [useBroadcasts(mask) as never],
  })
}

beforeEach(async () => {
  executions = masked = 0
  log = (await fresh(implementations[1]!)).log
  yoga = createTestYoga()
})

const allowed = (...appIds: string[]): Actor =>
  ({ kind: 'OPERATOR', apps: appIds.map((appId) => ({ appId })) }) as unknown as Actor
const caller = allowed('1')

/** What a caller gets of this subscription. */
async function listen(
  actor: Actor,
  query: string,
  variableValues?: object,
  operationName?: string,
  signal?: AbortSignal,
) {
  const { parse, contextFactory, subscribe } = yoga.getEnveloped({ actor, signal } as never)
  const document: unknown = parse(query)
  const contextValue: unknown = await contextFactory()
  const results: unknown = await subscribe({ schema, document, contextValue, variableValues, operationName })
  return results as AsyncIterableIterator<object, void>
}
const append = (appId: string, count = 1) =>
  log.append(Array.from({ length: count }, () => anEvent({ appId })))
const item1 = { data: { events: { seq: 1 } } }

describe('an event that several callers of one subscription are sent', () => {
  const query = 'subscription { events { seq } }'

  it('is executed once, and all have the same result', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => listen(caller, query)))
    const first = Promise.all(all.map((results) => take(results, 1)))
    await append('1')
    const items = (await first).map(([result]) => result)
    expect(items[0]).toEqual(item1)
    expect(new Set(items).size).toBe(1)
    expect(Object.isFrozen(items[0])).toBe(true)
    expect(executions).toBe(1)
    for (const results of all) await results.return?.()
  })

  it('is executed for each who has other rights, and shown to no stranger', async () => {
    const [one, both, other] = await Promise.all(
      [allowed('1'), allowed('1', '2'), allowed('2')].map((actor) => listen(actor, query)),
    )
    await append('1')
    await append('2')
    expect(await take(one!, 1)).toEqual([item1])
    expect(await take(both!, 2)).toEqual([item1, { data: { events: { seq: 2 } } }])
    expect(await take(other!, 1)).toEqual([{ data: { events: { seq: 2 } } }])
    expect(executions).toBe(4)
    for (const results of [one, both, other]) await results?.return?.()
  })

  it('is executed for each with other variables, another operation or another kind of caller', async () => {
    const said =
      'subscription A($what: String) { events { seq said(what: $what) } } subscription B { events { seq } }'
    const all = await Promise.all([
      listen(caller, said, { what: 'yes' }, 'A'),
      listen(caller, said, { what: 'no' }, 'A'),
      listen(caller, said, { what: 'no' }, 'B'),
      listen({ ...caller, kind: 'LOCAL' }, said, { what: 'no' }, 'A'),
    ])
    await append('1')
    const items = await Promise.all(all.map((results) => take(results, 1)))
    expect(items.map(([result]) => (result as { data: { events: object } }).data.events)).toEqual([
      { seq: 1, said: 'yes' },
      { seq: 1, said: 'no' },
      { seq: 1 },
      { seq: 1, said: 'no' },
    ])
    expect(executions).toBe(4)
    for (const results of all) await results.return?.()
  })

  it('is executed once for those who only come from other positions', async () => {
    const from = 'subscription ($after: Int) { events(after: $after) { seq } }'
    await append('1', 10)
    const all = await Promise.all([0, 3, 7, 9].map((after) => listen(caller, from, { after })))
    const items = await Promise.all(all.map((results, n) => take(results, [10, 7, 3, 1][n]!)))
    expect(items.map((taken) => taken.length)).toEqual([10, 7, 3, 1])
    expect(new Set(items.map((taken) => taken.at(-1))).size).toBe(1)
    expect(executions).toBe(10)
    for (const results of all) await results.return?.()
  })

  it('is executed for each whose position is used for more than that', async () => {
    const shown = 'subscription ($after: Int) { events(after: $after) { seq repeated(number: $after) } }'
    await append('1', 2)
    const all = await Promise.all([0, 1].map((after) => listen(caller, shown, { after })))
    const [both, second] = await Promise.all([take(all[0]!, 2), take(all[1]!, 1)])
    expect(both.at(-1)).toEqual({ data: { events: { seq: 2, repeated: 0 } } })
    expect(second).toEqual([{ data: { events: { seq: 2, repeated: 1 } } }])
    expect(executions).toBe(3)
    for (const results of all) await results.return?.()
  })

  it('shares what it failed with, masked once', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => listen(caller, 'subscription { events { seq broken } }')),
    )
    const first = Promise.all(all.map((results) => take(results, 1)))
    await append('1')
    const items = JSON.stringify(await first)
    expect(items.match(/Unexpected error/g)).toHaveLength(3)
    expect(items).not.toContain('secret')
    expect({ masked, executions }).toEqual({ masked: 1, executions: 1 })
    for (const results of all) await results.return?.()
  })

  it('goes on for the others when the first of them leaves', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => listen(caller, 'subscription { events { later } }')),
    )
    const both = Promise.all([take(first!, 1), take(second!, 1)])
    await append('1')
    await both
    const next = second!.next()
    await first!.return?.()
    await append('1')
    expect((await next).value).toEqual({ data: { events: { later: 2 } } })
    expect(await first!.next()).toEqual({ done: true, value: undefined })
    await second!.return?.()
  })

  it('ends with nobody: who came first takes nothing along when it leaves', async () => {
    const leave = new AbortController()
    const query = 'subscription { events { isGone } }'
    const first = await listen(caller, query, undefined, undefined, leave.signal)
    const second = await listen(caller, query)
    const both = Promise.all([take(first, 1), take(second, 1)])
    await append('1')
    await both
    leave.abort()
    await first.return?.()
    const next = second.next()
    await append('1')
    expect((await next).value).toEqual({ data: { events: { isGone: false } } })
    await second.return?.()
  })
})
