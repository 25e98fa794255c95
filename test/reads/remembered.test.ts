import { describe, expect, it } from 'vitest'
import { GraphError } from '../../src/graph/error.ts'
import { OperationBudget } from '../../src/reads/dispatch.ts'
import { findNode } from '../../src/reads/node-handle.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { appWith, askedGraph, signal, turn } from './support/graph.ts'

const [app, other] = [appWith('1'), appWith('2')]
const down = new GraphError('unavailable', 'Graph is not available.')

/** A memory that has the name of Solution 5, as the first app sees it, and not its status. */
function halfKnown() {
  const memory = new ReadMemory()
  memory.cache.keep(
    { viewer: '1', type: 'Solution', id: '5' },
    ['id', 'name'],
    { id: '5', name: 'A' },
    memory.cache.since,
  )
  return memory
}

const wanted = ['id', 'name', 'status']

async function readAfter(error: GraphError, budget: OperationBudget | null = null) {
  const { graph, asked } = askedGraph()
  const reads = new Reads(graph, halfKnown(), { signal, budget })
  const read = reads.read('Solution', '5', { app }, wanted)
  await turn()
  asked[0]?.answer([{ error }])
  return read
}

describe('a node of which memory knows a part', () => {
  it('is that part while Graph cannot be asked for the rest, with the reason', async () => {
    const { node, asked, failures } = await readAfter(down)
    expect(node).toEqual({ id: '5', name: 'A' })
    expect(asked).toEqual(['id', 'name'])
    expect([...failures]).toEqual([['status', down]])
  })

  it('is that part when the query has used up what it may cost', async () => {
    expect((await readAfter(down, new OperationBudget(0))).failures.get('status')).toMatchObject({
      kind: 'input',
    })
  })

  it.each(['not-found', 'permission', 'aborted'] as const)('is none after %s', async (kind) => {
    await expect(readAfter(new GraphError(kind, 'no'))).rejects.toMatchObject({ kind })
  })

  it('is that part beside fields that Graph refuses, without a call', async () => {
    const memory = halfKnown()
    const error = new GraphError('invalid', 'Unknown field.', { code: 100 })
    const status = { type: 'Solution', field: 'status', error, isOfScope: false }
    memory.unsupported.remember('1', status, { key: '1 5', ids: ['5'] }, memory.cache.since)
    const { graph, asked } = askedGraph()
    const { node, failures } = await new Reads(graph, memory, { signal }).read(
      'Solution',
      '5',
      { app },
      wanted,
    )
    expect(node).toEqual({ id: '5', name: 'A' })
    expect([...failures]).toEqual([['status', error]])
    expect(asked).toHaveLength(0)
  })

  it('is none to who insists on all of it', async () => {
    const { graph, asked } = askedGraph()
    const read = new Reads(graph, halfKnown(), { signal }).node('Solution', '5', { app }, wanted)
    await turn()
    asked[0]?.answer([{ error: down }])
    await expect(read).rejects.toBe(down)
  })

  it('is none when only the id is known', async () => {
    const { graph, asked } = askedGraph()
    const read = new Reads(graph, halfKnown(), { signal }).read('Solution', '5', { app }, ['id', 'status'])
    await turn()
    asked[0]?.answer([{ error: down }])
    await expect(read).rejects.toBe(down)
  })

  it.each([
    [
      'as another app sees it, when that can read it',
      { value: { id: '5', name: 'B', status: 'ACTIVE' } },
      'B',
    ],
    ['what is known, when no other can', { error: down }, 'A'],
  ])('is %s', async (_, outcome, name) => {
    const { graph, asked } = askedGraph()
    const reads = new Reads(graph, halfKnown(), { signal })
    const found = findNode(reads, 'Solution', '5', wanted, [app, other])
    await turn()
    asked[0]?.answer([{ error: down }])
    await turn()
    asked[1]?.answer([outcome])
    expect(await (await found)?.get(reads, ['name'])).toMatchObject({ name })
    const status = (await found)?.get(reads, ['status']).then(
      (node) => node.status,
      (error: unknown) => error,
    )
    await turn()
    expect(asked).toHaveLength(2)
    expect(await status).toBe('error' in outcome ? down : 'ACTIVE')
  })
})
