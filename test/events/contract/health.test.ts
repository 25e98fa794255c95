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
