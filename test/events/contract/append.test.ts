import { describe, expect, it } from 'vitest'
import { anEvent, everything } from '../support/events.ts'
import { folder, fresh } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'

describe.each(implementations)('appending to the log in $name', (implementation) => {
  it('numbers the events from 1 in their order and keeps every field', async () => {
    const { log } = await fresh(implementation)
    const events = [
      anEvent({ payload: '{"id":12345678901234567890,"text":"naïve ’ 🎉 \\u0000"}' }),
      anEvent({
        kind: 'CLIENT_WABA_ONBOARDED',
        source: 'GATEWAY',
        event: 'PARTNER_ADDED',
        solutionId: '1',
        wabaId: '2',
        ownerBusinessId: '3',
        reportedStatus: 'ACTIVE',
        occurredAt: 0,
        receivedAt: Number.MAX_SAFE_INTEGER,
      }),
    ]
    expect(await log.append(events)).toEqual({ stored: 2, duplicates: 0 })
    const { events: read } = await log.readAfter(0, everything, 10)
    expect(read).toEqual(events.map((event, index) => ({ ...event, seq: index + 1 })))
  })

  it('stores an event once, whether its key comes again in the same call or in a later one', async () => {
    const { log } = await fresh(implementation)
    const [one, two, three] = [anEvent(), anEvent(), anEvent()]
    expect(await log.append([one, { ...one, payload: '"again"' }, two])).toEqual({ stored: 2, duplicates: 1 })
    expect(await log.append([two, three, one])).toEqual({ stored: 1, duplicates: 2 })
    const { events } = await log.readAfter(0, everything, 10)
    expect(events.map((event) => event.dedupeKey)).toEqual([one, two, three].map((event) => event.dedupeKey))
    expect(events[0]?.payload).toBe('{}')
  })

  it('stores nothing for an append of nothing', async () => {
    const { log } = await fresh(implementation)
    expect(await log.append([])).toEqual({ stored: 0, duplicates: 0 })
    expect(await log.head()).toBe(0)
  })

  it('stores all of a call or none of it', async () => {
    const { log } = await fresh(implementation)
    await expect(log.append([anEvent(), anEvent({ occurredAt: Number.NaN }), anEvent()])).rejects.toThrow(
      RangeError,
    )
    expect(await log.head()).toBe(0)
  })

  it.each([Number.NaN, 1.5, 2 ** 60, Number.POSITIVE_INFINITY])(
    'refuses the time %d, with which the event could not be read back',
    async (occurredAt) => {
      const { log } = await fresh(implementation)
      await expect(log.append([anEvent({ occurredAt })])).rejects.toThrow(RangeError)
      await log.append([anEvent()])
      expect((await log.readAfter(0, everything, 10)).events).toHaveLength(1)
    },
  )

  it('does not let an event that cannot be stored take its neighbours in the same transaction along', async () => {
    const { log } = await fresh(implementation)
    const shared = anEvent()
    const good = Array.from({ length: 40 }, () => [anEvent(), anEvent()])
    const poison = [shared, anEvent({ payload: undefined as unknown as string })]
    const appends = [...good.slice(0, 20), poison, [shared], ...good.slice(20)].map((events) =>
      log.append(events),
    )
    const outcomes = await Promise.allSettled(appends)
    expect(outcomes.map(({ status }) => status)).toEqual(
      outcomes.map((_, index) => (index === 20 ? 'rejected' : 'fulfilled')),
    )
    expect(outcomes[21]).toMatchObject({ value: { stored: 1, duplicates: 0 } })
    expect(await log.head()).toBe(81)
  })

  it('stores one of 64 equal posts that come at once', async () => {
    const { log } = await fresh(implementation)
    const events = [anEvent(), anEvent()]
    const results = await Promise.all(Array.from({ length: 64 }, () => log.append(events)))
    expect(results.filter(({ stored }) => stored === 2)).toHaveLength(1)
    expect(results.filter(({ duplicates }) => duplicates === 2)).toHaveLength(63)
    expect(await log.head()).toBe(2)
  })

  it('stores 64 different posts that come at once in few transactions', async () => {
    const { log, transactions } = await fresh(implementation)
    const before = await transactions()
    const results = await Promise.all(Array.from({ length: 64 }, () => log.append([anEvent()])))
    expect(results.every(({ stored }) => stored === 1)).toBe(true)
    expect(await log.head()).toBe(64)
    const made = (await transactions()) - before
    expect(made).toBeGreaterThan(0)
    expect(made).toBeLessThanOrEqual(3)
  })

  it('acknowledges in the order of the positions', async () => {
    const { log } = await fresh(implementation)
    const acknowledged: string[] = []
    const append = async (): Promise<void> => {
      const event = anEvent()
      await log.append([event])
      acknowledged.push(event.dedupeKey)
    }
    for (let round = 0; round < 20; round++) await Promise.all([append(), append(), append()])
    const { events } = await log.readAfter(0, everything, 100)
    expect(events.map((event) => event.dedupeKey)).toEqual(acknowledged)
  })

  it('has kept everything, and its id, when it is opened again', async () => {
    const at = folder()
    const first = await implementation.open(at)
    await first.log.append([anEvent(), anEvent()])
    const before = await first.log.readAfter(0, everything, 10)
    await first.log.close()
    const second = await implementation.open(at)
    expect(second.log.id).toBe(first.log.id)
    expect(await second.log.readAfter(0, everything, 10)).toEqual(before)
    await second.log.close()
  })

  it('finishes the appends under way when it is closed, and refuses later ones', async () => {
    const at = folder()
    const { log } = await implementation.open(at)
    const appends = Array.from({ length: 10 }, () => log.append([anEvent()]))
    await log.close()
    expect(await Promise.all(appends)).toHaveLength(10)
    await expect(log.append([anEvent()])).rejects.toThrow(
      expect.objectContaining({ name: 'StoreUnavailable' }),
    )
    await expect(log.head()).rejects.toThrow(expect.objectContaining({ name: 'StoreUnavailable' }))
  })
})
