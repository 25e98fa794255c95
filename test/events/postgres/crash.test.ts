import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase } from '../../support/postgres.ts'
import { PostgresProcess } from '../../support/postgres-process.ts'
import { anEvent } from '../support/events.ts'
import { followed, instance, persistently } from '../support/postgres.ts'
import { until } from '../../support/until.ts'

const [senders, posts, rounds] = [16, 60, 3]

describe('a database that is killed in a burst and comes back', () => {
  it('has every acknowledged event once, and followers of the same log get each once and in order', async () => {
    const server = await PostgresProcess.start()
    onTestFinished(() => server.stop())
    const url = await emptyDatabase(server.url)
    const log = await instance(url, { pollMs: 100 })
    const count = senders * posts
    const events = followed(log, count)
    const acknowledged: string[] = []
    const send = async (sender: number): Promise<void> => {
      for (let post = 0; post < posts; post++) {
        const event = anEvent({ dedupeKey: `${sender}-${post}` })
        await persistently(log, [event])
        acknowledged.push(event.dedupeKey)
        await sleep(1)
      }
    }
    const nemesis = async (): Promise<void> => {
      for (let round = 1; round <= rounds; round++) {
        await until(() => acknowledged.length > (count / (rounds + 1)) * round)
        await server.kill()
        await expect(log.append([anEvent({ dedupeKey: `refused ${round}` })])).rejects.toThrow(
          expect.objectContaining({ name: 'StoreUnavailable' }),
        )
        await server.restart()
      }
    }
    await Promise.all([nemesis(), ...Array.from({ length: senders }, (_, sender) => send(sender))])
    const read = await events
    const keys = read.map(({ dedupeKey }) => dedupeKey)
    expect(new Set(keys).size, 'twice').toBe(count)
    expect(new Set(keys), 'lost or strange').toEqual(new Set(acknowledged))
    expect(
      read.map(({ seq }) => seq),
      'out of order',
    ).toEqual(read.map(({ seq }) => seq).toSorted((a, b) => a - b))
  })
})
