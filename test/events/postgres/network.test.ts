import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { emptyDatabase } from '../../support/postgres.ts'
import { wireTo } from '../../support/postgres-wire.ts'
import { anEvent } from '../support/events.ts'
import { followed, instance, persistently } from '../support/postgres.ts'
import { until } from '../../support/until.ts'

const storeUnavailable = expect.objectContaining({ name: 'StoreUnavailable' })

describe('a network between the gateway and its database', () => {
  it('that is cut while it is used loses nothing and gives nothing twice', async () => {
    const url = await emptyDatabase()
    const wire = await wireTo(url)
    const [near, far] = [await instance(url), await instance(wire.url, { pollMs: 100 })]
    const [posts, senders] = [40, 4]
    const events = followed(far, posts * senders)
    let acknowledged = 0
    const send = async (sender: number): Promise<void> => {
      for (let post = 0; post < posts; post++) {
        await persistently(sender % 2 === 0 ? near : far, [anEvent({ dedupeKey: `${sender}-${post}` })])
        acknowledged++
        await sleep(1)
      }
    }
    const nemesis = async (): Promise<void> => {
      for (let round = 1; round <= 4; round++) {
        await until(() => acknowledged > ((posts * senders) / 5) * round)
        wire.cut()
      }
    }
    await Promise.all([nemesis(), ...Array.from({ length: senders }, (_, sender) => send(sender))])
    const read = await events
    expect(new Set(read.map(({ dedupeKey }) => dedupeKey)).size).toBe(posts * senders)
    expect(read.map(({ seq }) => seq)).toEqual(read.map(({ seq }) => seq).toSorted((a, b) => a - b))
  })

  it('that goes silent without a word is noticed: calls end, and what came meanwhile is found later', async () => {
    const url = await emptyDatabase()
    const wire = await wireTo(url)
    const [near, far] = [await instance(url), await instance(wire.url, { pollMs: 50 })]
    await far.head()
    const events = followed(far, 2)
    await near.append([anEvent()])
    wire.silence()
    await near.append([anEvent()])
    await expect(far.append([anEvent()])).rejects.toThrow(storeUnavailable)
    wire.restore()
    expect((await events).map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('that is silent does not hold up the end of the process', async () => {
    const wire = await wireTo(await emptyDatabase())
    const log = await instance(wire.url)
    await log.head()
    wire.silence()
    await log.close()
    await expect(log.head()).rejects.toThrow(storeUnavailable)
  })
})
