import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stoppable } from '../../src/events/stoppable.ts'
import { Waiters } from '../../src/events/waiters.ts'

async function* waitingFor(waiters: Waiters, signal: AbortSignal): AsyncGenerator<number, void, void> {
  for (let item = 0; !signal.aborted; item++) {
    await waiters.wait(signal)
    if (!signal.aborted) yield item
  }
}

const done = { done: true, value: undefined }

describe('a stoppable iterator', () => {
  it('passes the items on', async () => {
    const { waiters, items } = started()
    const next = items.next()
    waiters.wake()
    expect(await next).toEqual({ done: false, value: 0 })
  })

  it('ends at once at `return()` while it waits for an item', async () => {
    const { waiters, items, draining } = started()
    const next = items.next()
    expect(await items.return?.()).toEqual(done)
    expect(await next).toEqual(done)
    expect(waiters.size).toBe(0)
    expect(getEventListeners(draining.signal, 'abort')).toEqual([])
  })

  it('ends when it is returned before it began', async () => {
    const { items, draining } = started()
    expect(await items.return?.()).toEqual(done)
    expect(await items.next()).toEqual(done)
    expect(getEventListeners(draining.signal, 'abort')).toEqual([])
  })

  it('completes when the gateway drains', async () => {
    const { items, draining } = started()
    const next = items.next()
    draining.abort()
    expect(await next).toEqual(done)
  })

  it('completes at once when the gateway drains already', async () => {
    const draining = AbortSignal.abort()
    const items = stoppable(draining, (signal) => waitingFor(new Waiters(), signal))
    expect(await items.next()).toEqual(done)
  })

  it('ends and throws when something is thrown into it', async () => {
    const { items, draining } = started()
    await expect(items.throw?.(new Error('gone'))).rejects.toThrow('gone')
    expect(getEventListeners(draining.signal, 'abort')).toEqual([])
  })

  it('leaves no listener when its source ends or fails by itself', async () => {
    const draining = new AbortController()
    const ending = stoppable(draining.signal, async function* ending() {
      yield 1
    })
    expect(await Array.fromAsync(ending)).toEqual([1])
    const failing = stoppable(draining.signal, async function* failing() {
      yield await Promise.reject<number>(new Error('broken'))
    })
    await expect(failing.next()).rejects.toThrow('broken')
    expect(getEventListeners(draining.signal, 'abort')).toEqual([])
  })

  it('leaves no listener behind 10,000 that came and went', async () => {
    const [draining, waiters] = [new AbortController(), new Waiters()]
    for (let cycle = 0; cycle < 10_000; cycle++) {
      const items = stoppable(draining.signal, (signal) => waitingFor(waiters, signal))
      const next = items.next()
      await items.return?.()
      await next
    }
    expect(waiters.size).toBe(0)
    expect(getEventListeners(draining.signal, 'abort')).toEqual([])
  })
})

function started() {
  const [draining, waiters] = [new AbortController(), new Waiters()]
  return { draining, waiters, items: stoppable(draining.signal, (signal) => waitingFor(waiters, signal)) }
}
