import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SqliteLog } from '../../src/events/sqlite/log.ts'
import { openDatabase } from '../../src/events/sqlite/open.ts'
import { type TailLimits, withTail } from '../../src/events/tail.ts'
import type { Graph, GraphRead } from '../../src/graph/graph.ts'
import { evicting } from '../../src/reads/evictions.ts'
import { MemoryCheck } from '../../src/reads/memory-check.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { anEvent } from '../events/support/events.ts'
import { appWith, signal } from './support/graph.ts'

const as = { app: appWith('1') }
const ids = ['11', '12']

/** Solutions at Graph, each with a version. Being asked, looking and answering are far apart. */
class SlowGraph {
  readonly #versions = new Map<string, number>()
  readonly #turns: readonly number[]
  #asked = 0

  constructor(turns: readonly number[]) {
    this.#turns = turns
  }

  change(id: string): number {
    const version = (this.#versions.get(id) ?? 0) + 1
    this.#versions.set(id, version)
    return version
  }

  get graph(): Graph {
    const readAll = async (reads: readonly GraphRead[]) => {
      await this.#pass()
      const outcomes = reads.map(({ endpoint: { path } }) => {
        const id = path[0] ?? ''
        return { value: { id, name: String(this.#versions.get(id) ?? 0) } }
      })
      await this.#pass()
      return outcomes
    }
    return { readAll } as unknown as Graph
  }

  async #pass(): Promise<void> {
    const turns = this.#turns[this.#asked++ % this.#turns.length] ?? 0
    for (let passed = 0; passed < turns; passed++) await turn()
  }
}

/** One of several on a log. It is never notified: it learns of events of the others when it asks, and only then. */
function instanceOn(log: SqliteLog, { graph }: SlowGraph, limits: Partial<TailLimits>) {
  const memory = new ReadMemory()
  const tailed = withTail(log, limits)
  const ended = AbortSignal.abort()
  const check = new MemoryCheck(tailed, () => {})
  return {
    begin: () => tailed.observe(evicting(memory, { forgetLeft: async () => {} }), ended),
    append: (solutionId: string) =>
      tailed.append([anEvent({ appId: '1', kind: 'SOLUTION_UPDATED', solutionId })]),
    async read(id: string): Promise<number> {
      expect(await check.isCurrent()).toBe(true)
      const reads = new Reads(graph, memory, { signal })
      return Number((await reads.node('Solution', id, as, ['id', 'name'])).name)
    },
  }
}

const step = fc.record({
  does: fc.constantFrom('change', 'read', 'read', 'read'),
  at: fc.nat(2),
  id: fc.constantFrom(...ids),
  /** What else goes on before the next step begins. */
  turns: fc.nat(6),
})
const turns = fc.array(fc.nat(8), { minLength: 1, maxLength: 10 })
/** A small tail is often left behind, and then all is forgotten. */
const limits = fc.record({ events: fc.constantFrom(2, 8192) })

describe('what one instance has answered', () => {
  it('is in what another shows to whoever asks afterwards, whatever is under way at Graph', async () => {
    const property = fc.asyncProperty(
      turns,
      limits,
      fc.array(step, { maxLength: 40 }),
      async (slow, tail, steps) => {
        const log = new SqliteLog(openDatabase(':memory:'))
        const world = new SlowGraph(slow)
        const instances = [0, 1, 2].map(() => instanceOn(log, world, tail))
        for (const instance of instances) await instance.begin()
        const answered = new Map<string, number>()
        const play = async ({ does, at, id }: (typeof steps)[number]): Promise<void> => {
          const instance = instances[at] ?? instances[0]
          if (!instance) return
          if (does === 'change') {
            const version = world.change(id)
            await instance.append(id)
            answered.set(id, Math.max(version, answered.get(id) ?? 0))
            return
          }
          const least = answered.get(id) ?? 0
          expect(await instance.read(id)).toBeGreaterThanOrEqual(least)
        }
        const playing: Promise<void>[] = []
        for (const one of steps) {
          playing.push(play(one))
          for (let passed = 0; passed < one.turns; passed++) await turn()
        }
        await Promise.all(playing)
        await log.close()
      },
    )
    await fc.assert(property, { numRuns: 150 })
  })
})
