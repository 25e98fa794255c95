import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SilentSockets } from '../../src/http/ws/silent-sockets.ts'

interface Step {
  readonly caller: number
  /** Instead of coming, the socket that has been there for so long says who it is. */
  readonly leaves: number | null
}

const steps = fc.array(fc.record({ caller: fc.nat(4), leaves: fc.option(fc.nat(10), { freq: 3 }) }), {
  maxLength: 60,
})

/** Sockets are numbers in the order in which they come. */
function play(most: number, script: readonly Step[], each: (world: World) => void): void {
  const inside = new Map<number, { readonly caller: number; leave(): void }>()
  const gone: number[] = []
  const silent = new SilentSockets<number>(most, (socket) => {
    gone.push(socket)
    inside.delete(socket)
  })
  for (const [socket, { caller, leaves }] of script.entries()) {
    const leaver = leaves === null ? undefined : [...inside.keys()][leaves]
    if (leaver !== undefined) {
      inside.get(leaver)?.leave()
      inside.get(leaver)?.leave()
      inside.delete(leaver)
      continue
    }
    const before = new Map(inside)
    gone.length = 0
    inside.set(socket, { caller, leave: silent.add(socket, String(caller)) })
    each({ before, inside, gone, socket })
  }
}

interface World {
  readonly before: ReadonlyMap<number, { readonly caller: number }>
  readonly inside: ReadonlyMap<number, { readonly caller: number }>
  readonly gone: readonly number[]
  readonly socket: number
}

describe('sockets that have not said who they are', () => {
  it('let every newcomer in, and are never more than their share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (most, script) =>
        play(most, script, ({ before, inside, gone, socket }) => {
          expect(inside.has(socket)).toBe(true)
          expect(inside.size).toBeLessThanOrEqual(most)
          expect(gone.length).toBe(before.size === most ? 1 : 0)
        }),
      ),
    )
  })

  it('lose the oldest of the caller who has most, and nobody who has fewer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (most, script) =>
        play(most, script, ({ before, gone: [lost] }) => {
          if (lost === undefined) return
          const of = (caller: number | undefined): number[] =>
            [...before].filter(([, one]) => one.caller === caller).map(([socket]) => socket)
          const own = of(before.get(lost)?.caller)
          expect(own[0]).toBe(lost)
          for (const { caller } of before.values()) expect(of(caller).length).toBeLessThanOrEqual(own.length)
        }),
      ),
    )
  })
})
