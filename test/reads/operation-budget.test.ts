import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { get } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import { OperationBudget } from '../../src/reads/dispatch.ts'
import { EventReads } from '../../src/reads/event-reads.ts'
import { findNode } from '../../src/reads/node-handle.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { appWith, askedGraph, signal, turn } from './support/graph.ts'

const as = { app: appWith('1') }
const apps = ['1', '2', '3'].map(appWith)
const absent = { error: new GraphError('not-found', 'There is no such object.') }
const timeout = { error: new GraphError('timeout', 'No answer came.') }
const named = (name: string) => ({ value: { id: '5', name } })
/** Later by the clock that deadlines count by. */
const later = (): void => {
  const now = performance.now()
  while (performance.now() === now);
}

describe('the deadline', () => {
  it('of an operation is one, whatever it reads and when', async () => {
    const { graph, asked, calls } = askedGraph()
    const budget = new OperationBudget()
    const reads = new Reads(graph, new ReadMemory(), { signal, budget })
    void findNode(reads, 'Solution', '5', ['name'], apps).catch(() => null)
    for (let index = 0; index < apps.length; index++) {
      later()
      await turn()
      asked[index]?.answer([absent])
    }
    await turn()
    reads.renew()
    void reads.call(get(['7', 'partners'], {}, z.unknown()), as)
    await reads.call({ ...get(['debug_token'], {}, z.unknown()), secrets: ['x'] }, as)
    await turn()
    expect([...asked, ...calls].map(({ begun }) => begun)).toEqual(
      Array.from({ length: 5 }, () => budget.begun),
    )
  })

  it('of reads without an operation is their own, so that a look after a write has all of its time', async () => {
    const { graph, asked } = askedGraph()
    const reads = new Reads(graph, new ReadMemory(), { signal })
    for (let time = 0; time < 2; time++) {
      reads.renew()
      void reads.node('Solution', '5', as, ['name'])
      await turn()
      later()
    }
    expect(asked[1]?.begun).toBeGreaterThan(asked[0]?.begun ?? Infinity)
  })

  it('of a search through several apps is one even so', async () => {
    const { graph, asked } = askedGraph()
    const reads = new Reads(graph, new ReadMemory(), { signal })
    void findNode(reads, 'Solution', '5', ['name'], apps).catch(() => null)
    for (const [index] of apps.entries()) {
      await turn()
      later()
      asked[index]?.answer([absent])
    }
    expect(new Set(asked.map(({ begun }) => begun)).size).toBe(1)
  })

  it('of an event begins with the event', async () => {
    const { graph, asked } = askedGraph()
    const events = new EventReads(graph, new ReadMemory(), signal)
    const reads = new Reads(graph, new ReadMemory(), { signal })
    for (const seq of [1, 2]) {
      later()
      reads.join(events.of(seq))
      for (const id of ['5', '6']) {
        void reads.node('Solution', id, as, ['name'])
        await turn()
      }
    }
    const [one, same, two, alike] = asked.map(({ begun }) => begun ?? 0)
    expect([one, two]).toEqual([same, alike])
    expect(two).toBeGreaterThan(one ?? Infinity)
  })

  it('of another ends nobody who waits for its read and has more time', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const budgetedReads = () => new Reads(graph, memory, { signal, budget: new OperationBudget() })
    const read = async (reads: Reads) => (await reads.node('Solution', '5', as, ['name'])).name
    const first = budgetedReads()
    later()
    const second = budgetedReads()
    later()
    const third = budgetedReads()
    const outcomes = [first, second, third].map((reads) => read(reads).catch((error: Error) => error.message))
    await turn()
    expect(asked).toHaveLength(1)
    asked[0]?.answer([timeout])
    await turn()
    expect(asked.map(({ begun }) => begun)).toEqual([first.begun, second.begun])
    asked[1]?.answer([named('A')])
    expect(await Promise.all(outcomes)).toEqual(['No answer came.', 'A', 'A'])
  })
})

describe('the units of an operation', () => {
  const list = get(['7', 'partners'], {}, z.unknown())
  const spent = (allowed: number) => ({
    allowed,
    message: expect.stringContaining(`at most ${allowed}`) as string,
  })

  it('are no more than is allowed: the read that would pass them is not sent, and none after it', async () => {
    const { graph, asked, calls } = askedGraph()
    const memory = new ReadMemory()
    const reads = new Reads(graph, memory, { signal, budget: new OperationBudget(3) })
    const nodes = ['5', '6', '7'].map((id) => reads.node('Solution', id, as, ['name']))
    await turn()
    asked[0]?.answer([named('A'), { value: { id: '6' } }, { value: { id: '7' } }])
    await Promise.all(nodes)
    const two = ['8', '9'].map((id) => reads.node('Solution', id, as, ['name']))
    for (const one of two) await expect(one).rejects.toMatchObject({ ...spent(3), found: 4 })
    await expect(reads.call(list, as)).rejects.toMatchObject({ ...spent(3), found: 4 })
    await expect(reads.call({ ...list, secrets: ['x'] }, as)).rejects.toMatchObject(spent(3))
    expect([asked.length, calls.length]).toEqual([1, 0])
    expect(await reads.node('Solution', '5', as, ['name'])).toMatchObject({ name: 'A' })
  })

  it('count what asking again has cost, and nothing that somebody else has asked', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    void new Reads(graph, memory, { signal }).call(list, as)
    const tally = { requests: 0, units: 0 }
    await turn()
    later()
    const reads = new Reads(graph, memory, { signal, tally, budget: new OperationBudget(4) })
    void reads.call(list, as)
    await turn()
    expect(asked).toHaveLength(1)
    tally.units = 3
    void reads.node('Solution', '5', as, ['name'])
    await turn()
    expect(asked).toHaveLength(2)
    await expect(reads.node('Solution', '6', as, ['name'])).rejects.toMatchObject(spent(4))
  })
})
