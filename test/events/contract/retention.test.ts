import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/events/event.ts'
import { follow } from '../../../src/events/follow.ts'
import type { EventLog } from '../../../src/events/log.ts'
import { anEvent, everything } from '../support/events.ts'
import { fresh } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'
import { take } from '../support/take.ts'

const at = (receivedAt: number, fields: Partial<NewEvent> = {}): NewEvent =>
  anEvent({ receivedAt, ...fields })
const seqs = async (log: EventLog): Promise<number[]> =>
  (await log.readBefore(1_000_000, everything, 1_000_000)).map(({ seq }) => seq)

describe.each(implementations)('retention in $name', (implementation) => {
  it('deletes the oldest up to a time, in batches, and says where the log starts', async () => {
    const { log } = await fresh(implementation)
    await log.append([1, 2, 3, 4, 5].map((time) => at(time)))
    expect(await log.start()).toBe(0)
    expect(await log.deleteBefore(4, 2)).toBe(2)
    expect(await log.start()).toBe(2)
    expect(await log.deleteBefore(4, 2)).toBe(1)
    expect(await log.deleteBefore(4, 2)).toBe(0)
    expect(await log.start()).toBe(3)
    expect(await seqs(log)).toEqual([4, 5])
    expect(await log.head()).toBe(5)
  })

  it('deletes nothing of a log that is empty or young', async () => {
    const { log } = await fresh(implementation)
    expect(await log.deleteBefore(100, 10)).toBe(0)
    await log.append([at(100)])
    expect(await log.deleteBefore(100, 10)).toBe(0)
    expect(await log.start()).toBe(0)
  })

  it('stops at an event that came later than those behind it, and leaves no hole', async () => {
    const { log } = await fresh(implementation)
    await log.append([at(1), at(50), at(2), at(3)])
    expect(await log.deleteBefore(10, 10)).toBe(1)
    expect(await log.deleteBefore(10, 10)).toBe(0)
    expect(await seqs(log)).toEqual([2, 3, 4])
  })

  it('leaves positions where they were: an emptied log knows its head and goes on behind it', async () => {
    const { log } = await fresh(implementation)
    await log.append([at(1), at(2), at(3)])
    expect(await log.deleteBefore(10, 10)).toBe(3)
    expect([await log.start(), await log.head()]).toEqual([3, 3])
    expect(await log.readAfter(0, everything, 10)).toEqual({ from: 3, events: [], upTo: 3 })
    await log.append([at(11)])
    expect(await seqs(log)).toEqual([4])
    expect((await log.readAfter(1, everything, 10)).upTo).toBe(4)
  })

  it('that comes by between two pages of a reader is told of by the next: where that really began', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 200 }, () => at(1)))
    await log.append(Array.from({ length: 40 }, () => at(20)))
    const first = await log.readAfter(0, everything, 64)
    expect(first).toMatchObject({ from: 0, upTo: 64 })
    await log.deleteBefore(10, 64)
    expect(await log.readAfter(64, everything, 2)).toMatchObject({
      from: 64,
      events: [{ seq: 65 }, { seq: 66 }],
    })
    await log.deleteBefore(10, 1000)
    const next = await log.readAfter(64, everything, 64)
    expect(next).toMatchObject({ from: 200, upTo: 240 })
    expect(next.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => 201 + index))
  })

  it('that takes rows while they are read hides none: either they are there or the page says from where', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 1500 }, () => at(1)))
    await log.append([at(20)])
    const read = async (): Promise<void> => {
      for (let position = 0; position < 1501;) {
        const { from, events, upTo } = await log.readAfter(position, everything, 20)
        expect(events[0]?.seq).toBe(Math.max(from, position) + 1)
        position = upTo
      }
    }
    const sweep = async (): Promise<void> => {
      while ((await log.deleteBefore(10, 60)) > 0);
    }
    await Promise.all([read(), read(), sweep(), read()])
  })

  it('ends a follower that it overtakes, and says from where it may go on', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 200 }, () => at(1)))
    const followed = follow(log, 0, everything, AbortSignal.timeout(240_000))
    for (let n = 0; n < 64; n++) await followed.next()
    await log.deleteBefore(10, 150)
    await expect(followed.next()).rejects.toMatchObject({ name: 'EventsGone', start: 150 })
    expect((await take(follow(log, 150, everything, AbortSignal.timeout(240_000)), 1))[0]?.seq).toBe(151)
  })

  it('goes on while events are appended, and takes none of those', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 2000 }, () => at(1)))
    let gone = 0
    const sweep = async (): Promise<void> => {
      for (let batch = 1; batch > 0; gone += batch) batch = await log.deleteBefore(10, 100)
    }
    const append = async (): Promise<void> => {
      for (let post = 0; post < 50; post++) await log.append([at(20)])
    }
    await Promise.all([sweep(), sweep(), append(), append()])
    expect(gone).toBe(2000)
    expect(await seqs(log)).toEqual(Array.from({ length: 100 }, (_, index) => 2001 + index))
  })

  it('keeps what the events told of who owns an account', async () => {
    const { log } = await fresh(implementation)
    const onboarded = { appId: '1', wabaId: '100', ownerBusinessId: '200' }
    await log.append([
      at(1, { ...onboarded, solutionId: '300' }),
      at(2, { ...onboarded, solutionId: '301' }),
      at(3, onboarded),
      at(4, { ...onboarded, appId: '2', ownerBusinessId: '201' }),
    ])
    const before = await log.onboarding({ wabaId: '100' }, ['1'])
    for (let batch = 1; batch > 0;) batch = await log.deleteBefore(10, 1)
    expect(await seqs(log)).toEqual([])
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toEqual(before)
    expect(before).toMatchObject({ solutionId: '301' })
    expect(await log.onboarding({ ownerBusinessId: '201' }, ['2'])).toMatchObject({ wabaId: '100' })
    expect(await log.onboarding({ ownerBusinessId: '201' }, ['1'])).toBeNull()
    await log.append([at(11, { ...onboarded, solutionId: '302' })])
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toMatchObject({ solutionId: '302' })
  })

  it('lets an event be stored again whose key went with it', async () => {
    const { log } = await fresh(implementation)
    const event = at(1)
    await log.append([event])
    await log.deleteBefore(10, 10)
    expect(await log.append([event])).toEqual({ stored: 1, duplicates: 0 })
    expect(await seqs(log)).toEqual([2])
  })
})
