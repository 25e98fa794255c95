import { describe, expect, it } from 'vitest'
import type { NewToken } from '../../../src/events/tokens.ts'
import { anEvent } from '../support/events.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const [app, waba, business] = ['1', '100', '200']
const hour = 3_600_000

const token = (more: Partial<NewToken> = {}): NewToken => ({
  appId: app,
  kind: 'GIVEN',
  subject: `${business}/`,
  sealed: { keyId: 'k1', bytes: new Uint8Array([1, 2, 3]) },
  digest: 'd1',
  businessId: business,
  wabaId: waba,
  source: 'CODE',
  endsAt: null,
  marginMs: 5,
  lifetimeMs: null,
  ...more,
})
const fetched = (more: Partial<NewToken> = {}): NewToken =>
  token({ kind: 'FETCHED', wabaId: null, source: 'SOLUTION', lifetimeMs: hour, ...more })

const left = (more: object = {}) =>
  anEvent({ appId: app, kind: 'CLIENT_WABA_REMOVED', wabaId: waba, ownerBusinessId: business, ...more })

describe.each(storeKinds)('the store of tokens in $name', (kind) => {
  const found = async (store: Awaited<ReturnType<typeof freshStore>>, ...names: NewToken[]) =>
    (await store.tokens.find(names)).map(({ digest }) => digest).toSorted()

  it('gives what was put, by its whole name', async () => {
    const store = await freshStore(kind)
    await store.tokens.put(token())
    const [given] = await store.tokens.find([token()])
    const { marginMs: _, lifetimeMs: __, ...stored } = token()
    expect({ ...given, sealed: { ...given?.sealed, bytes: [...(given?.sealed.bytes ?? [])] } }).toEqual({
      ...stored,
      sealed: { keyId: 'k1', bytes: [1, 2, 3] },
      freshMs: null,
    })
    for (const other of [{ appId: '2' }, { kind: 'FETCHED' }, { subject: `${business}/9` }] as const)
      expect(await store.tokens.find([token(other)])).toEqual([])
    expect(await store.tokens.find([])).toEqual([])
  })

  it('gives many at once', async () => {
    const store = await freshStore(kind)
    const many = Array.from({ length: 250 }, (_, index) =>
      token({ subject: `${index}/`, digest: `${index}` }),
    )
    for (const one of many) await store.tokens.put(one)
    expect(await store.tokens.find(many)).toHaveLength(250)
  })

  it('keeps the newest of a name, and a given one beside a fetched one', async () => {
    const store = await freshStore(kind)
    for (const one of [token(), token({ digest: 'd2' }), fetched({ digest: 'd3' })])
      await store.tokens.put(one)
    expect(await found(store, token(), fetched())).toEqual(['d2', 'd3'])
  })

  it('gives none that has ended by the clock of the store, and deletes it', async () => {
    const store = await freshStore(kind)
    await store.tokens.put(token({ endsAt: Date.now() + 24 * hour, marginMs: 25 * hour }))
    await store.tokens.put(fetched({ lifetimeMs: 0 }))
    expect(await found(store, token(), fetched())).toEqual([])
    await store.tokens.dropOld(hour)
    expect(await store.tokens.countByKey()).toEqual(new Map())
  })

  it('says for how long one is good', async () => {
    const store = await freshStore(kind)
    await store.tokens.put(fetched())
    await store.tokens.put(token({ endsAt: Date.now() + 24 * hour, marginMs: hour }))
    const [given, other] = (await store.tokens.find([token(), fetched()])).toSorted((a, b) =>
      a.kind < b.kind ? 1 : -1,
    )
    expect(given?.freshMs).toBeGreaterThan(22 * hour)
    expect(given?.freshMs).toBeLessThanOrEqual(23 * hour)
    expect(other?.freshMs).toBeGreaterThan(hour / 2)
    expect(other?.freshMs).toBeLessThanOrEqual(hour)
  })

  it('drops a token under all its names, and leaves the one that came after it and those of others', async () => {
    const store = await freshStore(kind)
    await store.tokens.put(token())
    await store.tokens.put(token({ subject: `${business}/9` }))
    await store.tokens.put(token({ appId: '2' }))
    await store.tokens.put(token({ subject: 'newer', digest: 'd2' }))
    await store.tokens.drop(app, 'd1')
    expect(
      await found(store, token(), token({ subject: `${business}/9` }), token({ subject: 'newer' })),
    ).toEqual(['d2'])
    expect(await found(store, token({ appId: '2' }))).toEqual(['d1'])
  })

  it('releases and seals anew only the token that is meant', async () => {
    const store = await freshStore(kind)
    await store.tokens.put(token())
    const anew = { keyId: 'k2', bytes: new Uint8Array([9]) }
    await store.tokens.reseal(token({ digest: 'another' }), anew)
    await store.tokens.release(token(), 'another')
    expect(await store.tokens.countByKey()).toEqual(new Map([['k1', 1]]))
    expect(await store.tokens.sealedBy('k1', 10)).toHaveLength(1)
    await store.tokens.reseal(token(), anew)
    expect(await store.tokens.countByKey()).toEqual(new Map([['k2', 1]]))
    expect(await store.tokens.sealedBy('k1', 10)).toEqual([])
    await store.tokens.release(token(), 'd1')
    expect(await store.tokens.countByKey()).toEqual(new Map())
  })

  describe('when an account has left', () => {
    it('drops the token that opened it and those that may be had again, under whichever name', async () => {
      const store = await freshStore(kind)
      for (const one of [token(), fetched(), token({ kind: 'UNCLAIMED', subject: 'x', businessId: null })])
        await store.tokens.put(one)
      await store.log.append([left()])
      await store.tokens.dropLeft({ appId: app, wabaId: waba, ownerBusinessId: business })
      expect(await store.tokens.countByKey()).toEqual(new Map())
    })

    it('leaves the token of another account of the customer, another app and another customer', async () => {
      const store = await freshStore(kind)
      const others = [
        token({ wabaId: '101' }),
        fetched({ businessId: '201' }),
        token({ appId: '2', digest: 'd2' }),
      ]
      for (const one of others) await store.tokens.put(one)
      await store.log.append([left()])
      await store.tokens.dropLeft()
      expect(await found(store, ...others)).toEqual(['d1', 'd1', 'd2'])
    })

    it('leaves a token that came afterwards, however late the departure is heard of', async () => {
      const store = await freshStore(kind)
      await store.log.append([left()])
      await store.tokens.put(token())
      await store.tokens.dropLeft()
      expect(await found(store, token())).toEqual(['d1'])
      await store.log.append([left({ kind: 'CLIENT_WABA_APP_UNINSTALLED' })])
      await store.tokens.dropLeft()
      expect(await found(store, token())).toEqual([])
    })

    it('needs a departure: nothing else that happens to the account drops its token', async () => {
      const store = await freshStore(kind)
      await store.tokens.put(token())
      await store.log.append([
        left({ kind: 'CLIENT_WABA_UPDATED' }),
        left({ kind: 'PHONE_NUMBER_DISCONNECTED' }),
      ])
      await store.tokens.dropLeft()
      expect(await found(store, token())).toEqual(['d1'])
    })
  })

  describe('that nobody has claimed', () => {
    const unclaimed = token({ kind: 'UNCLAIMED', subject: 'digest', businessId: null })

    it('goes to the business that is known to own its account, with the solution', async () => {
      const store = await freshStore(kind)
      await store.tokens.put(unclaimed)
      expect(await store.tokens.unclaimedOf(app, new Set([business]))).toEqual([])
      const onboarded = { ...left(), kind: 'CLIENT_WABA_ONBOARDED', solutionId: '9' } as const
      await store.log.append([onboarded])
      expect(await store.tokens.unclaimedOf(app, new Set([business]))).toMatchObject([
        { digest: 'd1', businessId: business, solutionId: '9' },
      ])
      expect(await store.tokens.unclaimedOf(app, new Set(['201']))).toEqual([])
      expect(await store.tokens.unclaimedOf('2', new Set([business]))).toEqual([])
    })

    it('is kept for a while', async () => {
      const store = await freshStore(kind)
      await store.tokens.put(unclaimed)
      await store.tokens.dropOld(hour)
      expect(await found(store, unclaimed)).toEqual(['d1'])
      await store.tokens.dropOld(0)
      expect(await found(store, unclaimed)).toEqual([])
    })
  })

  it('outlives the process', async () => {
    const url = await kind.place()
    const store = await opened(url)
    await store.tokens.put(token())
    await store.close()
    expect(await found(await opened(url), token())).toEqual(['d1'])
  })

  it('says StoreUnavailable when the store is gone', async () => {
    const { tokens, close } = await freshStore(kind)
    await close()
    const unavailable = expect.objectContaining({ name: 'StoreUnavailable' })
    await expect(tokens.put(token())).rejects.toThrow(unavailable)
    await expect(tokens.find([token()])).rejects.toThrow(unavailable)
  })
})
