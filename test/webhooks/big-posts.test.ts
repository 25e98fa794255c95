import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/events/event.ts'
import { StoreUnavailable } from '../../src/events/log.ts'
import { openStore } from '../../src/events/store.ts'
import { readPost } from '../../src/webhooks/envelope.ts'
import { bodyOf, luckyShrub, post, startGateway } from './gateway.ts'

const field = 'message_template_status_update'
/** Far more than the 1,000 that Meta sends at most, in 3 MB. */
const many = 30_000
const changes = Array.from({ length: many }, (_, n) => ({
  field,
  value: { event: 'APPROVED', message_template_id: 1_689_556_908_000_000 + n },
}))
const ids = changes.map(({ value }) => value.message_template_id)
const big = bodyOf(changes)
const small = (n: number): string => bodyOf([changes[0]], '1', 1_743_451_903 + n)

async function openFile() {
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-big-'))
  const store = await openStore(`file:${join(folder, 'gateway.db')}`)
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  await work
  isOver = true
  return turns
}

describe('a post of 30,000 changes', () => {
  it('is taken apart in slices, between which others have their turn', async () => {
    expect(await turnsDuring(readPost(Buffer.from(small(1))))).toBeLessThan(5)
    expect(await turnsDuring(readPost(Buffer.from(big)))).toBeGreaterThanOrEqual(many / 1_000 - 1)
    const pieces = bodyOf(Array.from({ length: 500_000 }, () => 1))
    expect(await turnsDuring(readPost(Buffer.from(pieces)))).toBeGreaterThanOrEqual(499)
  })

  it('is stored in its order, by transactions of 1,000', async () => {
    await using gateway = await startGateway()
    expect((await post(gateway.url, big)).status).toBe(200)
    expect(gateway.appends.map(({ length }) => length)).toEqual(Array(many / 1_000).fill(1_000))
    const stored = [...gateway.stored.values()].map(({ payload }) => Number(/\d{16}/.exec(payload)?.[0]))
    expect(stored).toEqual(ids)
    expect(gateway.counts.get('stored')).toBe(many)
    expect(gateway.came.get(field)?.changes).toBe(many)
  })

  it('lets small posts through while it is stored in SQLite', async () => {
    await using store = await openFile()
    await using gateway = await startGateway({ append: (events) => store.log.append(events) })
    const over = new AbortController()
    const sent = post(gateway.url, big).finally(() => over.abort())
    let answered = 0
    while (!over.signal.aborted) {
      expect((await post(gateway.url, small(answered))).status).toBe(200)
      // Counted only while some of the big post is stored and its answer has not come.
      const isUnderWay = gateway.appends.some(({ length }) => length === 1_000)
      if (isUnderWay && !over.signal.aborted) answered++
    }
    expect((await sent).status).toBe(200)
    expect(answered).toBeGreaterThanOrEqual(3)
  })

  it('is stored once, when the store fails in the midst of it and Meta repeats it', async () => {
    await using store = await openFile()
    let appends = 0
    const append = async (events: readonly NewEvent[]) => {
      if (++appends === 12) throw new StoreUnavailable('full')
      return store.log.append(events)
    }
    await using gateway = await startGateway({ append })
    expect((await post(gateway.url, big)).status).toBe(503)
    expect((await post(gateway.url, big)).status).toBe(200)
    const { events } = await store.log.readAfter(0, { appIds: [luckyShrub.appId] }, many + 1)
    expect(events.map(({ payload }) => Number(/\d{16}/.exec(payload)?.[0]))).toEqual(ids)
    expect([gateway.counts.get('stored'), gateway.counts.get('duplicate')]).toEqual([many, 11_000])
  })
})
