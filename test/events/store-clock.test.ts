import { describe, expect, it } from 'vitest'
import { StoreClock } from '../../src/events/store-clock.ts'

/** A store whose clock is so far ahead of ours, and what is logged of it. */
function world() {
  const store = { aheadMs: 0 }
  const lines: (readonly [seconds: unknown, text: string])[] = []
  const logger = {
    warn: ({ clockSkewSeconds }: { clockSkewSeconds: unknown }, text: string) =>
      void lines.push([clockSkewSeconds, text]),
  } as unknown as ConstructorParameters<typeof StoreClock>[1]
  const clock = new StoreClock(async () => Date.now() + store.aheadMs, logger)
  return { store, lines, clock }
}

describe('the clock that instances share', () => {
  it.each([0, 300_000, -300_000])('tells the time of a store that is %i ms ahead', async (aheadMs) => {
    const { store, clock } = world()
    store.aheadMs = aheadMs
    await clock.measure()
    const before = Date.now()
    const told = clock.now()
    const after = Date.now()
    // As exact as the measurement, which takes at most as long as the store does.
    expect(told).toBeGreaterThan(before + aheadMs - 1_000)
    expect(told).toBeLessThan(after + aheadMs + 1_000)
    expect(Math.abs(clock.skewMs + aheadMs)).toBeLessThan(1_000)
  })

  it('says a large difference once, until it changes', async () => {
    const { store, lines, clock } = world()
    for (const aheadMs of [0, 1_000, -60_000, -61_000, -120_000, -120_000, 0, 0]) {
      store.aheadMs = aheadMs
      await clock.measure()
    }
    expect(lines.map(([seconds]) => seconds)).toEqual([60, 120, 0])
    expect(clock.largeSkewSeconds).toBeNull()
  })

  it('goes on while the store cannot be read', async () => {
    let isThere = true
    const lines: unknown[] = []
    const logger = { warn: (line: unknown) => void lines.push(line) } as never
    const read = async (): Promise<number> => {
      if (!isThere) throw new Error('gone')
      return Date.now() + 60_000
    }
    const clock = new StoreClock(read, logger)
    await clock.measure()
    isThere = false
    await expect(clock.measure()).rejects.toThrow('gone')
    expect(clock.now()).toBeGreaterThan(Date.now() + 50_000)
    expect(clock.largeSkewSeconds).toBe(-60)
  })

  it('goes back at once with the store, and ahead only when minutes have shown it', async () => {
    const { store, clock } = world()
    const isAhead = (told: number): boolean => told > Date.now() + 100_000
    await clock.measure()
    store.aheadMs = 300_000
    await clock.measure()
    expect([clock.now(), clock.earliest()].map(isAhead)).toEqual([true, false])
    store.aheadMs = -300_000
    await clock.measure()
    expect(clock.earliest()).toBeLessThan(Date.now() - 200_000)
  })
})
