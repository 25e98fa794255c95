import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { get } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import { printFields, type FieldTree } from '../../src/graph/fields.ts'
import { InFlightReads } from '../../src/reads/dispatch.ts'
import { locate } from '../../src/reads/list-position.ts'
import { keepList, listFrom, ReadMemory } from '../../src/reads/memory.ts'
import { ReadCache } from '../../src/reads/read-cache.ts'
import { Reads } from '../../src/reads/reads.ts'
import { appWith, askedGraph, signal, turn } from './support/graph.ts'

const app = appWith('1')
const page = { data: [], after: null }
const list = (fields: string) => get(['2', 'whatsapp_business_solutions'], { fields }, z.any())

describe('a page that memory has', () => {
  it.each([
    ['as the most short-lived field of its rows', ['id', 'status'], 30_000],
    ['as the list, where all fields live longer', ['id', 'name'], 60_000],
  ] as const)('lives as long %s', (_, fields: FieldTree, lifetimeMs) => {
    let now = 0
    const memory = { cache: new ReadCache(undefined, () => now) }
    const endpoint = (tree: FieldTree) => list(printFields(tree))
    const request = { kind: 'list', viewer: { app }, type: 'Solution', fields, endpoint } as const
    keepList(memory, request, { value: page, asked: fields }, memory.cache.since)
    now = lifetimeMs - 1
    expect(listFrom(memory, request)).toEqual({ value: page, asked: fields })
    now = lifetimeMs
    expect(listFrom(memory, request)).toBeUndefined()
  })
})

describe('a field that a permission closes in a list', () => {
  it('is not asked of the rows either, for as long as the operation lasts', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const reads = new Reads(graph, memory, { signal })
    const error = new GraphError('permission', 'Not yours.', { code: 10 })
    const read = reads.page('Solution', ['id', 'name', 'status'], list, { app })
    await turn()
    asked[0]?.answer([{ error }])
    await turn()
    asked[1]?.answer([{ value: page }])
    await turn()
    asked[2]?.answer([{ error }, { value: page }])
    await turn()
    asked[3]?.answer([{ value: page }])
    expect((await read).asked).toEqual(['id', 'status'])
    const granted = (one: Reads) => one.granted('Solution', ['id', 'name'], { app })
    expect(granted(reads)).toEqual(['id'])
    expect(granted(new Reads(graph, memory, { signal }))).toEqual(['id', 'name'])
  })
})

describe('a read that is under way', () => {
  it('is shared with those alone whose deadline is no earlier, while nothing has been evicted', () => {
    const reads = new InFlightReads()
    const read = { outcome: Promise.resolve({ value: 1 }), since: 3, begun: 100 }
    reads.add('key', read)
    expect(reads.find('key', 3, 100)).toBe(read)
    expect(reads.find('key', 3, 99)).toBeNull()
    expect(reads.find('key', 4, 100)).toBeNull()
    expect(reads.find('other', 3, 100)).toBeNull()
  })
})

describe('the place in a list behind the rows that were passed', () => {
  it('is where most of them still stand side by side', () => {
    expect(locate(['x', 'a', 'b', 'y', 'c'], ['a', 'b', 'c'], true)).toBe(3)
  })

  it('is lost where as many stand at one place as at another', () => {
    expect(locate(['a', 'x', 'b', 'y'], ['a', 'b'], true)).toBe('lost')
  })

  it('is not told before enough of the list is read', () => {
    expect(locate(['a', 'x'], ['a', 'b'], false)).toBeNull()
  })
})
