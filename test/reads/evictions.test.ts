import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { follow } from '../../src/events/follow.ts'
import type { EventKind } from '../../src/events/kinds.ts'
import { openStore } from '../../src/events/store.ts'
import { evictingWrites, evicting, evictionsOf } from '../../src/reads/evictions.ts'
import { post, get } from '../../src/graph/endpoint.ts'
import { submitVerification } from '../../src/graph/endpoints/verification.ts'
import { GraphError } from '../../src/graph/error.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { atOnce } from '../graph/support/apps.ts'

const app = {
  appId: '1',
  appSecrets: ['secret'] as const,
  systemToken: 'token',
  businessId: '2',
  creditLineId: null,
  verifyToken: 'verify',
}
const event = {
  appId: '1',
  kind: 'SOLUTION_UPDATED' as const,
  source: 'WEBHOOK' as const,
  occurredAt: 0,
  receivedAt: 0,
  field: 'partner_solutions',
  event: 'SOLUTION_UPDATED',
  wabaId: null,
  ownerBusinessId: null,
  reportedStatus: null,
  payload: '{}',
}

const told = { appId: '1', field: 'account_update' }

describe('an event', () => {
  it('evicts what it is about and the lists that it may be in', () => {
    const ids = { solutionId: '5', wabaId: null, ownerBusinessId: null }
    expect(evictionsOf({ ...told, kind: 'SOLUTION_UPDATED', ...ids })).toEqual([
      '5',
      '1/whatsapp_business_solutions',
    ])
    const account = { solutionId: '5', wabaId: '6', ownerBusinessId: '7' }
    expect(evictionsOf({ ...told, kind: 'CLIENT_WABA_ONBOARDED', ...account })).toEqual([
      '5',
      '6',
      '7',
      'client_whatsapp_business_accounts',
      'PhoneNumber',
    ])
    expect(evictionsOf({ ...told, kind: 'OTHER', ...account, solutionId: null })).toContain('PhoneNumber')
    expect(evictionsOf({ ...told, kind: 'CREDIT_REVOKED', ...account })).toContain('CreditAllocation')
    expect(evictionsOf({ ...told, kind: 'CLIENT_WABA_UPDATED', ...ids, solutionId: null })).toEqual([])
  })

  it('of a write that may have made something evicts every list that this may be in', () => {
    const nothing = { solutionId: null, wabaId: null, ownerBusinessId: null }
    const left = { ...told, field: 'create', kind: 'OTHER' as const, ...nothing }
    expect(evictionsOf({ ...left, source: 'GATEWAY' })).toContain('whatsapp_business_solutions')
    expect(evictionsOf({ ...left, source: 'WEBHOOK' })).toEqual([])
  })

  it('of what the automatic rule makes of an account evicts nothing', () => {
    const account = { solutionId: '5', wabaId: '6', ownerBusinessId: '7' }
    expect(evictionsOf({ ...told, field: 'auto_onboard', kind: 'OTHER', ...account })).toEqual([])
  })
})

describe('an event of each kind', () => {
  const named = ['5', '6', '7', 'PhoneNumber']
  const accounts = 'client_whatsapp_business_accounts'
  it.each<[EventKind, readonly string[]]>([
    ['SOLUTION_CREATED', [...named, '1/whatsapp_business_solutions']],
    ['SOLUTION_UPDATED', [...named, '1/whatsapp_business_solutions']],
    ['CLIENT_WABA_ONBOARDED', [...named, accounts]],
    ['CLIENT_WABA_APP_INSTALLED', [...named, accounts]],
    ['CLIENT_WABA_APP_UNINSTALLED', [...named, accounts]],
    ['CLIENT_WABA_REMOVED', [...named, accounts]],
    ['CLIENT_WABA_UPDATED', named],
    ['PHONE_NUMBER_DISCONNECTED', named],
    ['PHONE_NUMBER_RECONNECTED', named],
    ['BUSINESS_VERIFICATION_UPDATED', named],
    ['SIGNUP_SESSION', []],
    ['CREDIT_SHARED', [...named, 'CreditAllocation']],
    ['CREDIT_REVOKED', [...named, 'CreditAllocation']],
    ['OTHER', named],
  ])('%s evicts no less and no more than it may have changed', (kind, evicted) => {
    const about = { solutionId: '5', wabaId: '6', ownerBusinessId: '7' }
    expect([...evictionsOf({ ...told, kind, ...about })].sort()).toEqual([...evicted].sort())
  })
})

describe('an alert', () => {
  const evicted = (field: string, wabaId: string | null = '6') =>
    evictionsOf({ ...told, kind: 'ACCOUNT_ALERT', field, wabaId, solutionId: null, ownerBusinessId: null })

  it('evicts what it can have changed, and numbers as such, since it names them by their digits', () => {
    for (const field of ['phone_number_name_update', 'phone_number_quality_update', 'security'])
      expect(evicted(field)).toEqual(['6', 'PhoneNumber'])
    expect(evicted('account_review_update')).toEqual(['6'])
    expect(evicted('business_capability_update')).toEqual(['6', 'PhoneNumber', 'Business'])
    expect(evicted('account_alerts')).toEqual(['6', 'PhoneNumber', 'Business'])
  })

  it('of a template or a provider of payments evicts nothing, and of nobody neither', () => {
    expect(evicted('message_template_status_update')).toEqual([])
    expect(evicted('template_category_update')).toEqual([])
    expect(evicted('payment_configuration_update')).toEqual([])
    expect(evicted('security', null)).toEqual([])
  })
})

describe('the log, watched by two instances on one PostgreSQL', () => {
  it('has told each of them of an event before a follower there has it, and once', async () => {
    const url = await emptyDatabase()
    const stores = await Promise.all([openStore(url), openStore(url)])
    const stop = new AbortController()
    const told = stores.map(() => [] as string[])
    const watching = stores.map(({ log }, index) => {
      const onEvents = (events: readonly { dedupeKey: string }[]): void =>
        void told[index]?.push(...events.map(({ dedupeKey }) => dedupeKey))
      return log.observe({ onEvents, onGap: () => {} }, stop.signal)
    })
    const heads = await Promise.all(stores.map(({ log }) => log.head()))
    const followers = stores.map(async ({ log }, index) => {
      const seen: boolean[] = []
      for await (const { dedupeKey } of follow(log, heads[index] ?? 0, { appIds: ['1'] }, stop.signal)) {
        seen.push(told[index]?.includes(dedupeKey) === true)
        if (seen.length === 40) return seen
      }
      return seen
    })
    for (let index = 0; index < 40; index++)
      await stores[index % 2]?.log.append([{ ...event, solutionId: '5', dedupeKey: `key ${index}` }])
    const all = await Promise.all(followers)
    expect(all.flat()).toEqual(Array.from({ length: 80 }, () => true))
    expect(told.map((keys) => keys.length)).toEqual([40, 40])
    stop.abort()
    await Promise.all(watching)
    await Promise.all(stores.map((store) => store.close()))
  })
})

describe('the head of a watched log', () => {
  it('is a place up to which everything has been told of, also what another instance appended', async () => {
    const url = await emptyDatabase()
    const [ours, other] = await Promise.all([openStore(url), openStore(url)])
    const stop = new AbortController()
    const told = new Set<string>()
    const onEvents = (events: readonly { dedupeKey: string }[]): void =>
      events.forEach(({ dedupeKey }) => told.add(dedupeKey))
    const watching = ours.log.observe({ onEvents, onGap: () => {} }, stop.signal)
    await ours.log.head()
    for (let index = 0; index < 30; index++) {
      await other.log.append([{ ...event, solutionId: '5', dedupeKey: `key ${index}` }])
      expect(await ours.log.head()).toBe(await other.log.head())
      expect(told.has(`key ${index}`)).toBe(true)
    }
    stop.abort()
    await watching
    await Promise.all([ours.close(), other.close()])
  })
})

describe('a write of ours', () => {
  const graph = (answer: () => unknown): Graph =>
    ({ call: async () => answer(), write: async () => answer(), readAll: async () => [] }) as never
  const remembered = (memory: ReadMemory): boolean =>
    memory.cache.object({ viewer: '1', type: 'Solution', id: '5' }, ['name']).missing.length === 0
  const rememberIt = ({ cache }: ReadMemory) =>
    cache.keep({ viewer: '1', type: 'Solution', id: '5' }, ['name'], { id: '5' }, cache.since)

  it('is followed by forgetting what it names, also when it failed, and a read is not', async () => {
    const memory = new ReadMemory()
    const done = evictingWrites(
      graph(() => ({})),
      memory,
    )
    const failing = evictingWrites(
      graph(() => {
        throw new GraphError('timeout', 'No answer came.')
      }),
      memory,
    )
    rememberIt(memory)
    await done.call(get(['5'], {}, z.unknown()), { app })
    await done.call({ ...post(['5', 'look'], undefined, z.unknown()), reads: true }, { app })
    expect(remembered(memory)).toBe(true)
    await done.write(post(['5', 'accept'], undefined, z.unknown()), { app }, atOnce)
    expect(remembered(memory)).toBe(false)
    rememberIt(memory)
    await failing.write(post(['9', 'share'], { solution: '5' }, z.unknown()), { app }, atOnce).catch(() => {})
    expect(remembered(memory)).toBe(false)
  })

  it('with a form is followed by forgetting what stands in its fields', async () => {
    const memory = new ReadMemory()
    rememberIt(memory)
    const submission = { customerBusinessId: '5', legalName: null, website: null, documents: [] }
    const done = evictingWrites(
      graph(() => ({})),
      memory,
    )
    await done.write(submitVerification('9', submission), { app }, atOnce)
    expect(remembered(memory)).toBe(false)
  })

  it('is not told by the log to anybody before it is forgotten', () => {
    const nobody = { forgetLeft: async () => {} }
    const memory = new ReadMemory()
    rememberIt(memory)
    evicting(memory, nobody).onEvents([{ ...event, solutionId: '5' }])
    expect(remembered(memory)).toBe(false)
    rememberIt(memory)
    evicting(memory, nobody).onGap()
    expect(remembered(memory)).toBe(false)
  })

  it('is followed by forgetting the tokens of an account that has left, and of no other', () => {
    const left: Parameters<Graph['forgetLeft']>[0][] = []
    const tokens = { forgetLeft: async (of: (typeof left)[number]) => void left.push(of) }
    const of = { ...event, solutionId: null, wabaId: '1', ownerBusinessId: '2' }
    const kinds = ['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_REMOVED', 'CLIENT_WABA_APP_UNINSTALLED'] as const
    evicting(new ReadMemory(), tokens).onEvents(kinds.map((kind) => ({ ...of, kind })))
    expect(left).toMatchObject(
      [kinds[1], kinds[2]].map((kind) => ({ kind, wabaId: '1', ownerBusinessId: '2' })),
    )
  })
})
