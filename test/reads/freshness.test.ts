import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { get } from '../../src/graph/endpoint.ts'
import type { Graph, GraphRead } from '../../src/graph/graph.ts'
import type { GraphOutcome } from '../../src/graph/error.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { appWith, askedGraph, signal, turn } from './support/graph.ts'

const as = { app: appWith('1') }
const list = () => get(['7', 'subscribed_apps'], {}, z.unknown())
const rows = (name: string): GraphOutcome => ({ value: { data: [{ id: '8', name }] } })

const kinds = [
  ['an object', (reads: Reads) => reads.node('Solution', '7', as, ['name']), { value: { id: '7' } }],
  ['a list', (reads: Reads) => reads.call(list(), as), rows('old')],
] as const

describe('an answer that comes after an eviction', () => {
  it.each(kinds)('is not kept: %s', async (_, read, answer) => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const late = read(new Reads(graph, memory, { signal }))
    await turn()
    memory.cache.evict(['7'])
    asked[0]?.answer([answer])
    await late
    void read(new Reads(graph, memory, { signal }))
    await turn()
    expect(asked).toHaveLength(2)
  })

  it.each([false, true])(
    'is still the answer of its operation, and new for nobody else (fresh: %s)',
    async (fresh) => {
      const { graph, asked } = askedGraph()
      const memory = new ReadMemory()
      const long = new Reads(graph, memory, { signal, fresh })
      const first = long.call(list(), as)
      await turn()
      asked[0]?.answer([rows('old')])
      await first
      memory.cache.evict(['7'])
      expect(await long.call(list(), as)).toEqual(await first)
      void new Reads(graph, memory, { signal }).call(list(), as)
      await turn()
      expect(asked).toHaveLength(2)
    },
  )
})

const ids = ['11', '12', '13']

/** Objects with versions. A change is made at Graph first and told of afterwards. */
class World {
  readonly #now = new Map<string, number>()
  readonly told = new Map<string, number>()
  readonly memory = new ReadMemory()
  readonly graph: Graph

  constructor(scheduler: fc.Scheduler) {
    // Between being asked, looking and answering, anything may happen.
    const readAll = async (reads: readonly GraphRead[]): Promise<readonly GraphOutcome[]> => {
      await scheduler.schedule(Promise.resolve(), 'asked')
      const outcomes = reads.map((read) => this.#answer(read))
      await scheduler.schedule(Promise.resolve(), 'answered')
      return outcomes
    }
    this.graph = { readAll } as unknown as Graph
  }

  change(id: string): number {
    const version = (this.#now.get(id) ?? 0) + 1
    this.#now.set(id, version)
    return version
  }

  tell(id: string, version: number): void {
    this.memory.cache.evict([id])
    this.told.set(id, Math.max(version, this.told.get(id) ?? 0))
  }

  #answer({ endpoint: { path, query } }: GraphRead): GraphOutcome {
    const row = (id: string) => ({ id, name: String(this.#now.get(id) ?? 0) })
    const [id, edge] = path
    if (edge !== undefined) return { value: { data: ids.map(row), after: null } }
    if (id !== undefined) return { value: row(id) }
    const asked = (query?.['ids'] ?? '').split(',')
    return { value: Object.fromEntries(asked.map((one) => [one, row(one)])) }
  }
}

type Seen = readonly { readonly id: string; readonly name?: string | null | undefined }[]

async function look(reads: Reads, id: string | null): Promise<Seen> {
  if (id !== null) return [await reads.node('Solution', id, as, ['id', 'name'])]
  const rowsOf = (fields: string) => get(['1', 'whatsapp_business_solutions'], { fields }, z.any())
  const { page } = await reads.page<Seen[number]>('Solution', ['id', 'name'], rowsOf, as)
  return page.data
}

const target = fc.constantFrom(null, ...ids)
type NextStep = typeof step extends fc.Arbitrary<infer S> ? S : never
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('change' as const), id: fc.constantFrom(...ids) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('short' as const), id: target }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('long' as const),
      looks: fc.array(target, { minLength: 2, maxLength: 4 }),
      fresh: fc.boolean(),
    }),
  },
)

/** The next thing happens when whatever can go on by itself has. */
const act = async (happen: () => Promise<void>): Promise<void> => {
  await happen()
  await turn()
}

describe('whoever begins to read after it was told of a change', () => {
  it('sees it, whatever is under way and whoever else reads', async () => {
    const run = async (scheduler: fc.Scheduler, steps: readonly NextStep[]) => {
      const world = new World(scheduler)
      const { graph, memory, told } = world
      const stale: string[] = []
      const perform = async (one: NextStep): Promise<void> => {
        await scheduler.schedule(Promise.resolve(), one.kind)
        switch (one.kind) {
          case 'change': {
            const version = world.change(one.id)
            await scheduler.schedule(Promise.resolve(), 'told')
            return world.tell(one.id, version)
          }
          case 'short': {
            const before = new Map(told)
            const seen = await look(new Reads(graph, memory, { signal }), one.id)
            for (const { id, name } of seen) if (Number(name) < (before.get(id) ?? 0)) stale.push(id)
            return
          }
          case 'long': {
            const reads = new Reads(graph, memory, { signal, fresh: one.fresh })
            for (const id of one.looks) {
              await look(reads, id)
              await scheduler.schedule(Promise.resolve(), 'goes on')
            }
          }
        }
      }
      await scheduler.waitFor(Promise.all(steps.map(perform)))
      expect(stale).toEqual([])
    }
    await fc.assert(
      fc.asyncProperty(fc.scheduler({ act }), fc.array(step, { minLength: 8, maxLength: 24 }), run),
      {
        numRuns: 150,
      },
    )
  })
})
