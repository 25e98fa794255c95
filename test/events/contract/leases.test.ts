import { describe, expect, it } from 'vitest'
import { LeaseLost, type Lease, type Leases } from '../../../src/events/leases.ts'
import { anEvent } from '../support/events.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'
import { until } from '../../support/until.ts'

const long = 1_000_000

describe.each(storeKinds)('leases in $name', (kind) => {
  it('have one holder at a time', async () => {
    const { leases } = await freshStore(kind)
    const holders = Array.from({ length: 10 }, (_, index) => leases.acquire('job', `holder ${index}`, long))
    expect((await Promise.all(holders)).filter((lease) => lease !== null)).toHaveLength(1)
    expect(await leases.acquire('another job', 'holder 1', long)).not.toBeNull()
  })

  it('pass on when they are released, with a larger token', async () => {
    const { leases } = await freshStore(kind)
    const first = held(await leases.acquire('job', 'a', long))
    await leases.release(first)
    const second = held(await leases.acquire('job', 'b', long))
    expect(second.token).toBeGreaterThan(first.token)
    await leases.release(first)
    expect(await leases.acquire('job', 'a', long)).toBeNull()
  })

  it('pass on when their time is over and they were not renewed', async () => {
    const { leases } = await freshStore(kind)
    const first = held(await leases.acquire('job', 'a', 1))
    const second = await eventually(leases, 'b', long)
    expect(second.token).toBeGreaterThan(first.token)
    expect(await leases.renew(first, long)).toBe(false)
    expect(await leases.renew(second, long)).toBe(true)
  })

  it('are not renewed when their time is over, although nobody else has taken them', async () => {
    const { leases } = await freshStore(kind)
    const lease = held(await leases.acquire('job', 'a', 1))
    await until(() =>
      leases.appendIfHeld(lease, [anEvent()]).then(
        () => false,
        () => true,
      ),
    )
    expect(await leases.renew(lease, long)).toBe(false)
  })

  it('stay with who renews them', async () => {
    const { leases } = await freshStore(kind)
    const lease = held(await leases.acquire('job', 'a', long))
    expect(await leases.renew(lease, 2 * long)).toBe(true)
    expect(await leases.acquire('job', 'b', long)).toBeNull()
  })

  it('are given to the same holder again, and what it wanted to write with the old one is refused', async () => {
    const { leases } = await freshStore(kind)
    const first = held(await leases.acquire('job', 'a', long))
    const second = held(await leases.acquire('job', 'a', long))
    await expect(leases.appendIfHeld(first, [anEvent()])).rejects.toThrow(LeaseLost)
    expect(await leases.appendIfHeld(second, [anEvent()])).toEqual({ stored: 1, duplicates: 0 })
  })

  it('let their holder append', async () => {
    const { leases, log } = await freshStore(kind)
    const lease = held(await leases.acquire('job', 'a', long))
    const event = anEvent()
    expect(await leases.appendIfHeld(lease, [event])).toEqual({ stored: 1, duplicates: 0 })
    expect(await leases.appendIfHeld(lease, [event])).toEqual({ stored: 0, duplicates: 1 })
    expect(await log.head()).toBe(1)
  })

  it('do not let a holder that was paused write after they passed on, nor before, when their time is over', async () => {
    const url = await kind.place()
    const [paused, other] = [await opened(url), await opened(url)]
    const old = held(await paused.leases.acquire('job', 'paused', 1))
    const current = await eventually(other.leases, 'other', 1)
    await expect(paused.leases.appendIfHeld(old, [anEvent()])).rejects.toThrow(LeaseLost)
    await eventually(other.leases, 'a third', 1)
    await expect(other.leases.appendIfHeld(current, [anEvent()])).rejects.toThrow(LeaseLost)
    expect(await other.log.head()).toBe(0)
  })

  it('refuse one append, and not those beside it', async () => {
    const { leases, log } = await freshStore(kind)
    const lease = held(await leases.acquire('job', 'a', long))
    await leases.release(lease)
    const outcomes = await Promise.allSettled([
      log.append([anEvent()]),
      leases.appendIfHeld(lease, [anEvent()]),
      log.append([anEvent()]),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await log.head()).toBe(2)
  })
})

/** Asks until it has it. */
async function eventually(leases: Leases, holder: string, ttlMs: number): Promise<Lease> {
  let lease: Lease | null = null
  await until(async () => (lease = await leases.acquire('job', holder, ttlMs)) !== null)
  return held(lease)
}

function held(lease: Lease | null): Lease {
  if (lease === null) throw new Error('The lease was not given')
  return lease
}
