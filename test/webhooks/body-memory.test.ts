import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BodyMemory, type BodyReservation } from '../../src/webhooks/body-memory.ts'

const megabyte = 1024 * 1024
const largest = 3_500_000

const fill = (body: BodyReservation, bytes: number, piece = 60_000): boolean => {
  for (let left = bytes; left > 0; left -= piece) if (!body.take(Math.min(left, piece))) return false
  return true
}

describe('the memory for bodies', () => {
  it('counts more for bodies in tiny pieces, each of which takes memory of its own', () => {
    const memory = new BodyMemory(() => 0, 10_000)
    const reserve = () => memory.reserve({ sender: 'a', announced: 0 }, () => undefined)
    const first = reserve()
    expect(Array.from({ length: 100 }, () => first.take(1)).filter(Boolean).length).toBeLessThan(20)
    const second = reserve()
    expect(second.take(1_000)).toBe(false)
    first.release()
    first.release()
    expect([second.take(1_000), second.take(9_000)]).toEqual([true, false])
  })

  it('has room for a small body however many large ones there are, announced or not', () => {
    const memory = new BodyMemory(() => 0)
    for (let n = 0; n < 100; n++) {
      const announced = n % 2 === 0 ? largest : 0
      fill(
        memory.reserve({ sender: String(n), announced }, () => undefined),
        largest,
      )
    }
    for (let n = 0; n < 200; n++) {
      const body = memory.reserve({ sender: 'meta', announced: 60_000 }, () => expect.unreachable())
      expect(body.take(60_000)).toBe(true)
    }
  })

  it('takes the room of small bodies that take long, the oldest first', () => {
    let now = 0
    const memory = new BodyMemory(() => now, megabyte)
    const gone: number[] = []
    const stranger = (n: number) => memory.reserve({ sender: String(n), announced: 0 }, () => gone.push(n))
    for (let n = 0; n < 17; n++) stranger(n).take(60_000)
    const meta = memory.reserve({ sender: 'meta', announced: 0 }, () => expect.unreachable())
    expect(meta.take(30_000)).toBe(false)
    now = 2_000
    expect([meta.take(30_000), gone]).toEqual([true, [0]])
  })

  it('never takes the room of a body that has come as a whole', () => {
    let now = 0
    const memory = new BodyMemory(() => now, megabyte)
    for (let n = 0; n < 17; n++) {
      const body = memory.reserve({ sender: 'meta', announced: 0 }, () => expect.unreachable())
      body.take(60_000)
      body.complete()
    }
    now = 10_000
    expect(memory.reserve({ sender: 'other', announced: 0 }, () => undefined).take(60_000)).toBe(false)
  })

  const Step = fc.record({
    body: fc.nat(20),
    sender: fc.constantFrom('a', 'b', 'c'),
    announced: fc.constantFrom(0, 50_000, 500_000),
    bytes: fc.integer({ min: 1, max: 70_000 }),
    next: fc.constantFrom('go on', 'complete', 'release'),
    waits: fc.constantFrom(0, 0, 500, 2_000),
  })

  it('is never more than it may be, and all free when all is released', () => {
    fc.assert(
      fc.property(fc.array(Step, { maxLength: 200 }), (steps) => {
        let now = 0
        const memory = new BodyMemory(() => now, megabyte)
        const held = new Map<number, { body: BodyReservation; bytes: number }>()
        for (const { body: name, sender, announced, bytes, next, waits } of steps) {
          now += waits
          const one = held.get(name) ?? {
            body: memory.reserve({ sender, announced }, () => held.delete(name)),
            bytes: 0,
          }
          held.set(name, one)
          if (one.body.take(bytes)) one.bytes += bytes
          if (next === 'complete') one.body.complete()
          if (next === 'release') one.body.release()
          if (next === 'release') held.delete(name)
          expect([...held.values()].reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(megabyte)
        }
        for (const { body } of held.values()) body.release()
        const last = memory.reserve({ sender: 'a', announced: 0 }, () => undefined)
        expect(last.take((megabyte * 3) / 4 - 512)).toBe(true)
      }),
    )
  })

  it('takes from nobody who is quick and has no more than a quarter', () => {
    fc.assert(
      fc.property(fc.array(Step, { maxLength: 200 }), (steps) => {
        let now = 0
        const memory = new BodyMemory(() => now, megabyte)
        const held = new Map<
          number,
          { readonly sender: string; readonly body: BodyReservation; bytes: number }
        >()
        const bytesOf = (name: string): number =>
          [...held.values()].reduce((sum, { sender, bytes }) => sum + (sender === name ? bytes : 0), 0)
        for (const { body: name, sender, announced, bytes, waits } of steps) {
          now += waits
          const since = now
          const giveWay = (): void => {
            const owner = held.get(name)?.sender ?? ''
            if (now - since < 2_000) expect(bytesOf(owner)).toBeGreaterThan(megabyte / 4)
            held.delete(name)
          }
          const known = held.get(name)
          const one = known ?? { sender, body: memory.reserve({ sender, announced }, giveWay), bytes: 0 }
          held.set(name, one)
          // Each chunk costs some bytes more than it has.
          if (one.body.take(bytes)) one.bytes += bytes + 512
        }
      }),
    )
  })

  it('gives nothing more to a body that has given way', () => {
    let now = 0
    const memory = new BodyMemory(() => now, megabyte)
    const slow = memory.reserve({ sender: 'stranger', announced: 0 }, () => undefined)
    expect(slow.take(60_000)).toBe(true)
    now = 2_000
    for (let n = 0; n < 17; n++)
      memory.reserve({ sender: 'meta', announced: 0 }, () => undefined).take(60_000)
    expect(slow.take(1)).toBe(false)
  })
})
