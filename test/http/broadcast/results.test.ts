import { describe, expect, it } from 'vitest'
import { EventStream } from '../../../src/feed/event-stream.ts'
import { Audience } from '../../../src/http/broadcast/audience.ts'
import type { Outlet } from '../../../src/http/broadcast/outlet.ts'
import { pulled, pushed } from '../../../src/http/broadcast/results.ts'
import { anEvent, everything } from '../../events/support/events.ts'
import { fresh } from '../../events/support/fresh.ts'
import { implementations } from '../../events/support/implementations.ts'
import { until } from '../../events/support/until.ts'

/** A log that can be made to fail, and an audience of it. */
async function perform() {
  const { log } = await fresh(implementations[1]!)
  const audience = new Audience(
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
  return { log, failure, fail, enter: () => audience, stream: new EventStream(everything, 0, 0) }
}

const over = { done: true, value: undefined }

describe('results whose log cannot be read any more', () => {
  it('fail once and are over, behind the cursor of the last item, for who pulls them', async () => {
    const { log, failure, fail, enter, stream } = await perform()
    const place = { resumeFrom: null, cursor: null }
    const results = pulled(stream, enter, place)
    await log.append([anEvent()])
    expect(await results.next()).toEqual({ done: false, value: { data: { seq: 1 } } })
    const next = results.next()
    await Promise.all([expect(next).rejects.toBe(failure), fail()])
    expect([await results.next(), await results.next()]).toEqual([over, over])
    expect(place.cursor).toBe('cursor 1')
  })

  it('fail once and are over for who was not asking at the time', async () => {
    const { log, failure, fail, enter, stream } = await perform()
    const results = pulled(stream, enter, { resumeFrom: null, cursor: null })
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
    const outlet: Outlet = {
      isFree: true,
      freed: () => Promise.resolve(),
      take: (items) => void taken.push(...items.map(({ seq }) => seq)),
      close: () => undefined,
    }
    const results = pushed(stream, enter, outlet)
    const end = results.next()
    await log.append([anEvent()])
    await until(() => taken.length === 1)
    await Promise.all([expect(end).rejects.toBe(failure), fail()])
    expect([await results.next(), taken]).toEqual([over, [1]])
  })
})
