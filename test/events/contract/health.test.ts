import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/events/event.ts'
import { anEvent } from '../support/events.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const now = 1_750_000_000_000
const minute = 60_000
const at = (receivedAt: number, fields: Partial<NewEvent> = {}): NewEvent =>
  anEvent({ appId: '1', receivedAt, ...fields })

describe.each(storeKinds)('the health of webhooks in $name', (kind) => {
  it('is that of an app that never got one', async () => {
    const store = await freshStore(kind)
    expect(await store.webhookHealth('1', now)).toEqual({
      lastReceivedAt: null,
      receivedLastHour: 0,
      duplicatesLastHour: 0,
      deadLetters: 0,
      lag: null,
      missingFields: null,
    })
  })

  it('counts what came in the last hour, repeats among it, by app', async () => {
    const store = await freshStore(kind)
    const event = at(now - 2 * minute)
    await store.log.append([at(now - 61 * minute), at(now - 59 * minute), event])
    await store.log.append([{ ...event, receivedAt: now - minute }, at(now)])
    await store.log.append([at(now - 3 * minute, { appId: '2' })])
    await store.deadLetters.add([
      { appId: '1', receivedAt: now, reason: 'r', raw: Buffer.of(), size: 5, fingerprint: 'f' },
    ])
    expect(await store.webhookHealth('1', now)).toEqual({
      lastReceivedAt: now,
      receivedLastHour: 4,
      duplicatesLastHour: 1,
      deadLetters: 1,
      lag: expect.anything() as object,
      missingFields: null,
    })
    expect(await store.webhookHealth('2', now)).toMatchObject({
      lastReceivedAt: now - 3 * minute,
      receivedLastHour: 1,
    })
  })

  it('counts what Meta sent, and nothing that the gateway noted itself', async () => {
    const store = await freshStore(kind)
    await store.log.append([at(now, { source: 'GATEWAY' }), at(now, { source: 'RECONCILED' })])
    expect(await store.webhookHealth('1', now)).toMatchObject({ lastReceivedAt: null, receivedLastHour: 0 })
  })

  it('counts posts that share a transaction, without the one that could not be stored', async () => {
    const store = await freshStore(kind)
    const again = at(now)
    const posts = [[again], [again, at(now)], [at(now), at(now, { occurredAt: Number.NaN })], [again]]
    await Promise.allSettled(posts.map((events) => store.log.append(events)))
    expect(await store.webhookHealth('1', now)).toMatchObject({ receivedLastHour: 4, duplicatesLastHour: 2 })
  })

  it('counts what is kept nowhere, also when the store is closed at once', async () => {
    const url = await kind.place()
    const store = await opened(url)
    store.countUnstoredWebhook('1', now - 61 * minute, 5)
    store.countUnstoredWebhook('1', now - minute, 3)
    store.countUnstoredWebhook('1', now, 0)
    await store.log.append([at(now - minute)])
    expect(await store.webhookHealth('1', now)).toMatchObject({ lastReceivedAt: now, receivedLastHour: 4 })
    store.countUnstoredWebhook('1', now, 2)
    await store.close()
    const { webhookHealth } = await opened(url)
    expect(await webhookHealth('1', now)).toMatchObject({ lastReceivedAt: now, receivedLastHour: 6 })
  })

  it('says which fields Graph was last seen not to send', async () => {
    const store = await freshStore(kind)
    const missing = async () => (await store.webhookHealth('1', now)).missingFields
    await store.noteSubscription('1', ['account_update', 'partner_solutions'], now)
    expect(await missing()).toEqual(['account_update', 'partner_solutions'])
    await store.noteSubscription('1', [], now + 1)
    expect(await missing()).toEqual([])
    await store.noteSubscription('1', ['account_update'], now)
    expect(await missing()).toEqual([])
  })

  it('stays when the store is opened again, and says after retention when the last one came', async () => {
    const url = await kind.place()
    const first = await opened(url)
    await first.log.append([at(now - 100 * minute), at(now - 90 * minute)])
    await first.close()
    const { log, webhookHealth } = await opened(url)
    expect(await webhookHealth('1', now - 90 * minute)).toMatchObject({ receivedLastHour: 2 })
    await log.deleteBefore(now, 10)
    expect(await webhookHealth('1', now)).toMatchObject({
      lastReceivedAt: now - 90 * minute,
      receivedLastHour: 0,
    })
  })
})

describe.each(storeKinds)('how late webhooks come, in $name', (kind) => {
  const late = (by: number, ago: number, fields: Partial<NewEvent> = {}): NewEvent =>
    at(now - ago, { occurredAt: now - ago - by, wabaId: '5', ...fields })

  it('is told of the last change, of the one in the middle and of the latest, by app and by account', async () => {
    const store = await freshStore(kind)
    await store.log.append([late(7_000, 62 * minute), late(90_000, 9 * minute), late(1_000, 8 * minute)])
    await store.log.append([late(2_000, 7 * minute), late(400_000, 6 * minute, { wabaId: '6' })])
    await store.log.append([late(3_000, 5 * minute)])
    // A piece that could not be read.
    const unread = { wabaId: null, kind: 'OTHER', event: null, field: '$malformed' } as const
    await store.log.append([late(1e12, minute, unread)])
    const ofApp = { last: 3_000, median: 3_000, largest: 400_000 }
    expect((await store.webhookHealth('1', now)).lag).toEqual(ofApp)
    const ofAccount = { last: 3_000, median: 2_000, largest: 90_000 }
    expect((await store.accountWebhookHealth('1', '5', now)).lag).toEqual(ofAccount)
    expect((await store.accountWebhookHealth('2', '5', now)).lag).toBeNull()
  })

  it('is below zero when the clock here is behind, and of nothing that has no time of its own', async () => {
    const store = await freshStore(kind)
    await store.log.append([late(0, minute), late(9_000, minute, { source: 'GATEWAY' })])
    expect((await store.webhookHealth('1', now)).lag).toBeNull()
    await store.log.append([late(-4_000, minute)])
    const lag = { last: -4_000, median: -4_000, largest: -4_000 }
    expect((await store.webhookHealth('1', now)).lag).toEqual(lag)
    expect((await store.accountWebhookHealth('1', '5', now)).lag).toEqual(lag)
  })
})

describe.each(storeKinds)('the health of the webhooks of an account in $name', (kind) => {
  const nothing = { lastReceivedAt: null, receivedLastHour: 0, duplicatesLastHour: 0, lag: null }

  it('counts what came in the last hour, repeats among it, for the app that it came to', async () => {
    const store = await freshStore(kind)
    expect(await store.accountWebhookHealth('1', '5', now)).toEqual(nothing)
    const event = at(now - 2 * minute, { wabaId: '5' })
    await store.log.append([at(now - 61 * minute, { wabaId: '5' }), event, at(now, { wabaId: '6' })])
    await store.log.append([{ ...event, receivedAt: now - minute }, at(now, { wabaId: '5', appId: '2' })])
    await store.log.append([at(now, { wabaId: '5', source: 'RECONCILED' }), at(now)])
    expect(await store.accountWebhookHealth('1', '5', now)).toMatchObject({
      lastReceivedAt: now - minute,
      receivedLastHour: 2,
      duplicatesLastHour: 1,
    })
    expect(await store.accountWebhookHealth('2', '5', now)).toMatchObject({ receivedLastHour: 1 })
  })

  it('is the same when the store is opened again, also of many accounts', async () => {
    const url = await kind.place()
    const store = await opened(url)
    const accounts = Array.from({ length: 700 }, (_, n) => at(now, { wabaId: String(1000 + n) }))
    await store.log.append(accounts)
    await store.log.append([...accounts, ...accounts])
    await store.close()
    const again = await opened(url)
    for (const wabaId of ['1000', '1255', '1256', '1699']) {
      expect(await again.accountWebhookHealth('1', wabaId, now)).toMatchObject({
        receivedLastHour: 3,
        duplicatesLastHour: 2,
      })
    }
  })

  it('counts more than a few hundred in an hour', async () => {
    const store = await freshStore(kind)
    await store.log.append(Array.from({ length: 321 }, () => at(now, { wabaId: '5' })))
    expect(await store.accountWebhookHealth('1', '5', now)).toMatchObject({ receivedLastHour: 321 })
  })

  it('counts nothing of a post that could not be stored', async () => {
    const store = await freshStore(kind)
    const faulty = at(now, { wabaId: '5', occurredAt: Number.NaN })
    await Promise.allSettled([store.log.append([at(now, { wabaId: '5' }), faulty])])
    expect(await store.accountWebhookHealth('1', '5', now)).toEqual(nothing)
  })

  it('says when the last one came for as long as its event is kept, and forgets the counts after some hours', async () => {
    const store = await freshStore(kind)
    const then = now - 300 * minute
    const event = at(then, { wabaId: '5' })
    await store.log.append([event])
    await store.log.append([event])
    expect(await store.accountWebhookHealth('1', '5', then)).toMatchObject({ receivedLastHour: 2 })
    const recent = at(now, { wabaId: '6' })
    await store.log.append([recent])
    await store.log.append([recent])
    expect(await store.accountWebhookHealth('1', '5', now)).toEqual({ ...nothing, lastReceivedAt: then })
    expect(await store.accountWebhookHealth('1', '5', then)).toMatchObject({ receivedLastHour: 1 })
    await store.log.deleteBefore(now, 10)
    expect(await store.accountWebhookHealth('1', '5', now)).toEqual(nothing)
  })
})
