import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreUnavailable } from '../../src/events/log.ts'
import { openStore, type Store } from '../../src/events/store.ts'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { openVault } from '../../src/graph/token-vault.ts'
import { anEvent } from '../events/support/events.ts'
import { storeKinds } from '../events/support/stores.ts'
import { until } from '../support/until.ts'
import { customerOf, graph, social } from './support/apps.ts'
import { answerEach, graphError } from './support/batch.ts'
import { anyObject, failureOf } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

const read: Endpoint<unknown> = {
  method: 'GET',
  path: ['1'],
  query: {},
  token: 'business',
  expect: anyObject,
}
const as = customerOf('9001')
const key = (): string => randomBytes(32).toString('base64')
const given = (token: string) => ({ token, wabaId: '100', expiresAt: null })

/** A Graph that gives out one token after the other, and refuses those that are named. */
async function world() {
  const refused = new Map<string, number>()
  let [count, gives] = [0, true]
  const upstream = await startUpstream(
    answerEach(({ path }, response) => {
      if (path.endsWith('access_token') || path.endsWith('access_tokens'))
        return gives
          ? { body: { access_token: `EAAB-fetched-${++count}` } }
          : { code: 400, body: graphError(100) }
      const token = response.req.headers.authorization?.replace('Bearer ', '') ?? ''
      const code = refused.get(token)
      return code === undefined ? { body: { token } } : { code: 400, body: graphError(code) }
    }),
  )
  return {
    url: upstream.url,
    refuse: (token: string, code: number | null = 190) =>
      code === null ? refused.delete(token) : refused.set(token, code),
    stopGiving: () => (gives = false),
    fetched: () => count,
  }
}

type World = Awaited<ReturnType<typeof world>>

interface Instance {
  readonly store: Store
  readonly graph: ReturnType<typeof graph>
  /** With which token a read is answered, or why not. */
  token(): Promise<string>
  readonly unreadable: boolean[]
  readonly troubles: unknown[]
}

/** A gateway's Graph with a connection of its own to the store. */
async function instance({ url }: World, databaseUrl: string, keys: readonly string[]): Promise<Instance> {
  const store = await openStore(databaseUrl)
  let isOpen = true
  onTestFinished(() => (isOpen ? store.close() : undefined))
  const [unreadable, troubles]: [boolean[], unknown[]] = [[], []]
  const vault = openVault(keys, store.tokens, { unreadable: (_, isFirst) => unreadable.push(isFirst) })
  const its = graph(url, {}, { vault, vaultTroubled: (error) => troubles.push(error) })
  const token = async () => ((await its.call(read, as)) as { token: string }).token
  const close = async () => {
    isOpen = false
    await store.close()
  }
  return { store: { ...store, close }, graph: its, token, unreadable, troubles }
}

/** Once a token that was fetched is in the store as well. */
const stored = ({ store }: Instance, count = 1) =>
  until(async () => [...(await store.tokens.countByKey()).values()].reduce((sum, n) => sum + n, 0) === count)

describe.each(storeKinds)('customers’ tokens in $name', (kind) => {
  it('that one instance has fetched, the others find without asking Graph', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const [a, b] = [await instance(there, url, keys), await instance(there, url, keys)]
    expect(await a.token()).toBe('EAAB-fetched-1')
    await stored(a)
    expect(await b.token()).toBe('EAAB-fetched-1')
    expect(there.fetched()).toBe(1)
  })

  it('that came for a code outlive the process, and come before what Graph would give', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const a = await instance(there, url, keys)
    expect(await a.token()).toBe('EAAB-fetched-1')
    await stored(a)
    await a.graph.remember(as, given('EAAB-given'))
    await a.store.close()
    expect(await (await instance(there, url, keys)).token()).toBe('EAAB-given')
    expect(there.fetched()).toBe(1)
  })

  it('that Graph has refused are used by nobody after that, and a newer one stays', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const [a, b, c] = [
      await instance(there, url, keys),
      await instance(there, url, keys),
      await instance(there, url, keys),
    ]
    await a.graph.remember(as, given('EAAB-old'))
    expect([await a.token(), await b.token()]).toEqual(['EAAB-old', 'EAAB-old'])
    there.refuse('EAAB-old')
    expect((await failureOf(a.token())).kind).toBe('token')
    await stored(a, 0)
    expect(await c.token()).toBe('EAAB-fetched-1')
    await stored(c)
    await c.graph.remember(as, given('EAAB-new'))
    // It still has the old one in memory; that it gives it up takes nothing from the others.
    expect((await failureOf(b.token())).kind).toBe('token')
    expect([await a.token(), await b.token()]).toEqual(['EAAB-new', 'EAAB-new'])
    expect(there.fetched()).toBe(1)
  })

  it('that are refused for another reason than their end stay, since no one would give them again', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const a = await instance(there, url, keys)
    await a.graph.remember(as, given('EAAB-given'))
    there.refuse('EAAB-given', 104)
    expect((await failureOf(a.token())).kind).toBe('token')
    there.refuse('EAAB-given', null)
    expect([await a.token(), there.fetched()]).toEqual(['EAAB-given', 0])
  })

  it('that came before it was known whose they are go to their owner on any instance', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const [a, b] = [await instance(there, url, keys), await instance(there, url, keys)]
    there.stopGiving()
    const unclaimed = { app: social, digest: 'd', token: 'EAAB-unclaimed', wabaId: '100', expiresAt: null }
    await a.graph.unclaimed.hold(unclaimed)
    expect(await b.graph.unclaimed.of(social, 'd')).toEqual(unclaimed)
    expect((await failureOf(b.token())).kind).toBe('token')
    const onboarded = { appId: social.appId, wabaId: '100', ownerBusinessId: '9001', solutionId: '700' }
    await b.store.log.append([anEvent({ ...onboarded, kind: 'CLIENT_WABA_ONBOARDED' })])
    expect(await b.token()).toBe('EAAB-unclaimed')
    // Who waits for the token has it before the store knows that it is claimed.
    const third = await instance(there, url, keys)
    await until(async () => (await third.graph.unclaimed.of(social, 'd')) === null)
    expect(await a.token()).toBe('EAAB-unclaimed')
  })

  it('are forgotten on every instance when the account that they open has left', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const [a, b] = [await instance(there, url, keys), await instance(there, url, keys)]
    await a.graph.remember(as, given('EAAB-of-one-that-leaves'))
    expect(await b.token()).toBe('EAAB-of-one-that-leaves')
    const left = { appId: social.appId, wabaId: '100', ownerBusinessId: '9001' }
    await a.store.log.append([anEvent({ ...left, kind: 'CLIENT_WABA_REMOVED' })])
    await Promise.all([a.graph.forgetLeft(left), b.graph.forgetLeft(left)])
    await stored(a, 0)
    expect([await a.token(), there.fetched()]).toEqual(['EAAB-fetched-1', 1])
    await stored(a)
    expect([await b.token(), there.fetched()]).toEqual(['EAAB-fetched-1', 1])
  })

  it('are written anew under the first key when they are read, or in time, so that the old one can go', async () => {
    const [there, url, [old, next]] = [await world(), await kind.place(), [key(), key()]]
    const a = await instance(there, url, [old])
    await a.graph.remember(as, given('EAAB-given'))
    await a.graph.remember(customerOf('9002'), given('EAAB-of-another'))
    const b = await instance(there, url, [next, old])
    expect(await b.token()).toBe('EAAB-given')
    expect([...(await b.store.tokens.countByKey()).values()]).toEqual([1, 1])
    await openVault([next, old], b.store.tokens, { unreadable: () => {} })?.tidy()
    expect([...(await b.store.tokens.countByKey()).values()]).toEqual([2])
    expect(await (await instance(there, url, [next])).token()).toBe('EAAB-given')
  })

  it('whose key is gone are like none, which is counted each time and said once', async () => {
    const [there, url] = [await world(), await kind.place()]
    const a = await instance(there, url, [key()])
    await a.graph.remember(as, given('EAAB-given'))
    await a.graph.remember(customerOf('9001', null), given('EAAB-given'))
    const b = await instance(there, url, [key()])
    expect(await b.token()).toBe('EAAB-fetched-1')
    await b.graph.call(read, customerOf('9001', null))
    expect(b.unreadable).toEqual([true, false])
    expect(b.troubles).toEqual([])
  })

  it('are not taken for those of another customer when somebody swaps what is stored of them', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const a = await instance(there, url, keys)
    const names = [as, customerOf('9002')].map(({ customer }) => ({
      appId: social.appId,
      kind: 'GIVEN' as const,
      subject: `${customer?.businessId}/700`,
    }))
    await a.graph.remember(as, given('EAAB-one'))
    await a.graph.remember(customerOf('9002'), given('EAAB-other'))
    const rows = (await a.store.tokens.find(names)).toSorted((one, two) =>
      one.subject < two.subject ? -1 : 1,
    )
    await a.store.tokens.reseal(rows[0]!, rows[1]!.sealed)
    await a.store.tokens.reseal(rows[1]!, rows[0]!.sealed)
    const b = await instance(there, url, keys)
    there.stopGiving()
    expect((await failureOf(b.token())).kind).toBe('token')
    expect(b.unreadable).toEqual([true])
  })

  it('cannot be told to be missing while the store cannot be read', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const a = await instance(there, url, keys)
    await a.store.close()
    there.stopGiving()
    expect(await failureOf(a.token())).toMatchObject({ kind: 'unavailable', transient: true })
    expect(a.troubles.length).toBeGreaterThan(0)
  })

  it('that came for a code are here alone while the store takes nothing, and go there when it does', async () => {
    const [there, url, keys] = [await world(), await kind.place(), [key()]]
    const [a, b] = [await instance(there, url, keys), await instance(there, url, keys)]
    const { unclaimed } = a.graph
    const put = a.store.tokens.put.bind(a.store.tokens)
    let refusals = 1
    a.store.tokens.put = (token) =>
      refusals-- > 0 ? Promise.reject(new StoreUnavailable('away')) : put(token)
    const held = { app: social, digest: 'd', token: 'EAAB-held', wabaId: '100', expiresAt: null }
    await expect(unclaimed.hold(held)).rejects.toThrow('away')
    expect([unclaimed.isOnlyHere('d'), await unclaimed.of(social, 'd')]).toEqual([true, held])
    await until(() => !unclaimed.isOnlyHere('d'))
    expect(await b.graph.unclaimed.of(social, 'd')).toEqual(held)
  })

  it('that came for a code are not said to be kept when the store could not take them', async () => {
    const a = await instance(await world(), await kind.place(), [key()])
    await a.store.close()
    await expect(a.graph.remember(as, given('EAAB-given'))).rejects.toThrow(
      expect.objectContaining({ name: 'StoreUnavailable' }),
    )
    expect(await a.token()).toBe('EAAB-given')
  })
})
