import { describe, expect, it } from 'vitest'
import { EventStream } from '../../../src/feed/stream-item.graphql.ts'
import { Broadcast } from '../../../src/http/broadcast/broadcast.ts'
import { Outlet, PullOutlet, type SharedResult } from '../../../src/http/broadcast/outlet.ts'
import { resultsOf } from '../../../src/http/broadcast/plugin.ts'
import { anEvent, everything } from '../../events/support/events.ts'
import { fresh } from '../../events/support/fresh.ts'
import { implementations } from '../../events/support/implementations.ts'
import { until } from '../../support/until.ts'

/** A log that can be made to fail, and a broadcast of it. */
async function perform() {
  const { log } = await fresh(implementations[1]!)
  const broadcast = new Broadcast(
    {
      log,
      filter: everything,
      heartbeatMs: 60_000,
      clock: () => 0,
      draining: new AbortController().signal,
      execute: ({ seq }) => ({ seq, cursor: `cursor ${seq}`, result: { data: { seq } }, text: '' }),
    },
    () => undefined,
  )
  const failure = new Error('the store has gone')
  const fail = async (): Promise<void> => {
    Object.assign(log, { readAfter: () => Promise.reject(failure) })
    await log.append([anEvent()])
  }
  return { log, failure, fail, enter: () => broadcast, stream: new EventStream(everything, 0, 0) }
}

const over = { done: true, value: undefined }

describe('results whose log cannot be read any more', () => {
  it('fail once and are over, behind the cursor of the last item, for who pulls them', async () => {
    const { log, failure, fail, enter, stream } = await perform()
    const streamPosition = { resumeFrom: null, cursor: null }
    const results = resultsOf(stream, enter, new PullOutlet(streamPosition))
    await log.append([anEvent()])
    expect(await results.next()).toEqual({ done: false, value: { data: { seq: 1 } } })
    const next = results.next()
    await Promise.all([expect(next).rejects.toBe(failure), fail()])
    expect([await results.next(), await results.next()]).toEqual([over, over])
    expect(streamPosition.cursor).toBe('cursor 1')
  })

  it('fail once and are over for who was not asking at the time', async () => {
    const { log, failure, fail, enter, stream } = await perform()
    const results = resultsOf(stream, enter, new PullOutlet({ resumeFrom: null, cursor: null }))
    await log.append([anEvent(), anEvent()])
    expect(await results.next()).toEqual({ done: false, value: { data: { seq: 1 } } })
    await fail()
    expect(await results.next()).toEqual({ done: false, value: { data: { seq: 2 } } })
    await expect(results.next()).rejects.toBe(failure)
    expect(await results.next()).toEqual(over)
  })

  it('fail once and are over for who is pushed to', async () => {
    const { log, failure, fail, enter, stream } = await perform()
    const taken: number[] = []
    class Pushing extends Outlet {
      protected send(batch: readonly SharedResult[]): void {
        taken.push(...batch.map(({ seq }) => seq))
        this.free()
      }
    }
    const results = resultsOf(stream, enter, new Pushing(true))
    const end = results.next()
    await log.append([anEvent()])
    await until(() => taken.length === 1)
    await Promise.all([expect(end).rejects.toBe(failure), fail()])
    expect([await results.next(), taken]).toEqual([over, [1]])
  })
})
